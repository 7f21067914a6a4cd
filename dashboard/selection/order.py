"""The order of a list of paintings, and its gallery pages."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.scores import SCORES
from dashboard.selection.likeness import LIKENESS


@dataclass(frozen=True)
class Order:
    """How a gallery is sorted."""

    label: str
    column: str
    ascending: bool


DEFAULT_ORDER: Final = "score"


ORDERS: Final[dict[str, Order]] = {
    **{
        order.name: Order(order.label, score.name, order.ascending)
        for score in SCORES.values()
        for order in score.orders
    },
    "year": Order("Oldest", "year", ascending=True),
    "newest": Order("Newest", "year", ascending=False),
    "artist": Order("Artist, A to Z", "artist", ascending=True),
    LIKENESS: Order("Most alike", "", ascending=True),  # of no column: that of the filter
}


def list_orders(table: pd.DataFrame) -> list[str]:
    """Those of ``ORDERS`` whose columns ``table`` has values in."""
    return [
        name
        for name, order in ORDERS.items()
        if order.column in table and (name == DEFAULT_ORDER or table[order.column].notna().any())
    ]


def known_order(name: str) -> str:
    """``name`` if it is one of ``ORDERS``, else the default."""
    return name if name in ORDERS else DEFAULT_ORDER


def order_paintings(table: pd.DataFrame, order: str) -> np.ndarray:
    """(N,) positions of ``table`` by ``ORDERS[order]``, ties as they are; the unknown last."""
    chosen = ORDERS[known_order(order)]
    if chosen.column not in table:
        chosen = ORDERS[DEFAULT_ORDER]
    column = table[chosen.column]
    if isinstance(column.dtype, pd.CategoricalDtype):
        values = column.cat.codes.to_numpy().astype(np.float64)
        values[values < 0] = np.nan
    else:
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.argsort(values if chosen.ascending else -values, kind="stable")


def keep_order(order: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(n,) the ``rows`` as they come in ``order`` (N,), which holds each row once."""
    wanted = np.zeros(len(order), dtype=bool)
    wanted[rows] = True
    kept: np.ndarray = order[wanted[order]]
    return kept


def take_gallery_page(positions: np.ndarray, page: int, size: int) -> np.ndarray:
    """The ``page``-th gallery page of ``positions``, 1 up; past the end is the last page."""
    page = min(max(page, 1), count_gallery_pages(len(positions), size))
    return positions[(page - 1) * size : page * size]


def count_gallery_pages(paintings: int, size: int) -> int:
    return max(1, math.ceil(paintings / size))
