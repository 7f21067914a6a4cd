"""Which paintings a page shows, in which order: tables in, rows out.

Nothing here knows of Streamlit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from core.findings.labels.quadrants import QUADRANTS, code_quadrants
from core.scores import SCORES
from dashboard.selection.facets import FACETS, Choice, Chosen, Facet, Flags, Membership, Range

Outline = tuple[tuple[float, float], ...]
Filters = Mapping[str, Chosen]  # by name of a facet; one that is missing or empty keeps everything
Counts = dict[str, dict[Any, int]]
MAX_CORNERS: Final = 48  # of one outline in a link


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
}


def place_quadrants(table: pd.DataFrame, loss: float, confidence: float) -> pd.DataFrame:
    """``table`` with ``quadrant`` by the given lines instead of the run's own."""
    codes = code_quadrants(
        table["loss"].to_numpy(dtype=float, na_value=np.nan),
        table["confidence"].to_numpy(dtype=float, na_value=np.nan),
        table["given"].notna().to_numpy(),
        loss,
        confidence,
    )
    names = pd.Categorical.from_codes(codes, categories=pd.Index(list(QUADRANTS)))
    return table.assign(quadrant=names)


def active_filters(table: pd.DataFrame, filters: Filters) -> dict[str, Chosen]:
    """Those of ``filters`` in which something is chosen, and whose columns ``table`` has."""
    return {
        name: filters[name]
        for name, facet in FACETS.items()
        if filters.get(name) and all(column in table for column in facet.columns)
    }


def list_orders(table: pd.DataFrame) -> list[str]:
    """Those of ``ORDERS`` whose columns ``table`` has."""
    return [name for name, order in ORDERS.items() if order.column in table]


def list_lacking(
    table: pd.DataFrame, filters: Filters | None = None, order: str = "", colour: str = ""
) -> list[str]:
    """Labels of the scores that a filter, an order or a colour asks for but ``table`` lacks."""
    return [
        score.label
        for name, score in SCORES.items()
        if name not in table
        and (
            bool((filters or {}).get(score.filter))
            or order in (each.name for each in score.orders)
            or (score.is_colour and colour == name)
        )
    ]


def find_rows(table: pd.DataFrame, filters: Filters) -> np.ndarray:
    """(n,) rows of ``table`` that every filter keeps, ascending."""
    mask = np.ones(len(table), dtype=bool)
    for name, chosen in active_filters(table, filters).items():
        mask &= FACETS[name].keep(table, chosen)
    return np.flatnonzero(mask)


def count_facets(table: pd.DataFrame, filters: Filters, facets: Iterable[Facet]) -> Counts:
    """For each of ``facets`` that counts, its values among what all *other* filters keep."""
    others = _keep_by_others(table, filters)
    everyone = others.pop("")
    return {
        facet.name: facet.count(table, others.get(facet.name, everyone))
        for facet in facets
        if isinstance(facet, Choice | Flags | Membership | Range)
    }


def count_without(table: pd.DataFrame, filters: Filters) -> dict[str, int]:
    """For each active filter, how many paintings would show if that one were dropped."""
    others = _keep_by_others(table, filters)
    return {name: int(np.count_nonzero(kept)) for name, kept in others.items() if name}


def _keep_by_others(table: pd.DataFrame, filters: Filters) -> dict[str, np.ndarray]:
    """(N,) bool by active filter: all others keep the painting; under ``""``: all of them do."""
    kept = {
        name: FACETS[name].keep(table, chosen)
        for name, chosen in active_filters(table, filters).items()
    }
    refusals = np.zeros(len(table), dtype=np.uint8)
    for mask in kept.values():
        refusals += ~mask
    by_others = {name: refusals == ~mask for name, mask in kept.items()}
    return {"": refusals == 0, **by_others}


def order_paintings(table: pd.DataFrame, order: str) -> np.ndarray:
    """(N,) positions of ``table`` by ``ORDERS[order]``, ties as they are; the unknown last."""
    chosen = ORDERS.get(order, ORDERS[DEFAULT_ORDER])
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


def take_sheet(positions: np.ndarray, sheet: int, size: int) -> np.ndarray:
    """The ``sheet``-th page of ``positions``, 1 up; past the end is the last page."""
    sheet = min(max(sheet, 1), count_sheets(len(positions), size))
    return positions[(sheet - 1) * size : sheet * size]


def count_sheets(paintings: int, size: int) -> int:
    return max(1, math.ceil(paintings / size))


def inside(outlines: Iterable[Outline], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(n,) bool: the point lies in one of the outlines, by the even-odd rule."""
    x, y = np.asarray(x), np.asarray(y)
    within = np.zeros(len(x), dtype=bool)
    for outline in outlines:
        (left, low), (right, high) = np.min(outline, axis=0), np.max(outline, axis=0)
        near = np.flatnonzero((x >= left) & (x <= right) & (y >= low) & (y <= high))
        within[near] |= _inside_one(outline, x[near], y[near])
    return within


def _inside_one(outline: Outline, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    crossings = np.zeros(len(x), dtype=bool)
    for (x1, y1), (x2, y2) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if y1 == y2:
            continue
        straddles = (y1 > y) != (y2 > y)
        crossings ^= straddles & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return crossings


def format_outlines(outlines: Iterable[Outline]) -> str:
    """Outlines as text for a link: ``x,y;x,y;x,y`` with ``|`` between outlines."""
    thinned = (outline[:: math.ceil(len(outline) / MAX_CORNERS)] for outline in outlines if outline)
    return "|".join(";".join(f"{x:.5g},{y:.5g}" for x, y in outline) for outline in thinned)


def parse_outlines(text: str) -> tuple[Outline, ...]:
    """What ``format_outlines`` wrote; anything that is no outline is left out."""
    found = (_parse_outline(part) for part in text.split("|") if part)
    return tuple(outline for outline in found if len(outline) >= 3)


def _parse_outline(text: str) -> Outline:
    try:
        corners = [corner.split(",") for corner in text.split(";")]
        outline = tuple((float(x), float(y)) for x, y in corners)
    except ValueError:
        return ()
    return outline if all(math.isfinite(v) for corner in outline for v in corner) else ()
