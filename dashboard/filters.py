"""Which paintings a page shows: tables in, tables out. Nothing here knows of Streamlit."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
import pandas as pd

from core.findings.quadrants import assign_quadrants

Outline = tuple[tuple[float, float], ...]
MAX_CORNERS: Final = 48  # of one outline in a link


@dataclass(frozen=True)
class Filters:
    """Values to keep per column; an empty tuple keeps everything."""

    given: tuple[str, ...] = ()
    predicted: tuple[str, ...] = ()
    artist: tuple[str, ...] = ()
    quadrant: tuple[str, ...] = ()

    def active(self) -> tuple[str, ...]:
        """Names of the columns that are filtered."""
        return tuple(field.name for field in fields(self) if getattr(self, field.name))


@dataclass(frozen=True)
class Order:
    """How a gallery is sorted."""

    label: str
    column: str
    ascending: bool


ORDERS: Final[dict[str, Order]] = {
    "loss": Order("Highest loss", "loss", ascending=False),
    "confidence": Order("Highest confidence", "confidence", ascending=False),
    "margin": Order("Widest disagreement", "margin", ascending=True),
    "unsure": Order("Least sure", "confidence", ascending=True),
    "score": Order("Most suspicious", "score", ascending=False),
    "year": Order("Oldest", "year", ascending=True),
    "artist": Order("Artist, A to Z", "artist", ascending=True),
}


def place_quadrants(table: pd.DataFrame, loss: float, confidence: float) -> pd.DataFrame:
    """``table`` with ``quadrant`` by the given lines instead of the run's own."""
    names = assign_quadrants(
        table["loss"].to_numpy(dtype=float, na_value=np.nan),
        table["confidence"].to_numpy(dtype=float, na_value=np.nan),
        loss,
        confidence,
    )
    return table.assign(quadrant=names.to_numpy())


def apply_filters(table: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """Rows of ``table`` that every filter keeps, index unchanged."""
    keep = np.ones(len(table), dtype=bool)
    for column in filters.active():
        keep &= table[column].isin(getattr(filters, column)).to_numpy()
    return table[keep]


def count_without(table: pd.DataFrame, filters: Filters) -> dict[str, int]:
    """For each active filter, how many paintings would show if that one were dropped."""
    return {
        column: len(apply_filters(table, replace(filters, **{column: ()})))
        for column in filters.active()
    }


def sort_paintings(table: pd.DataFrame, order: str) -> pd.DataFrame:
    """Sorted by ``ORDERS[order]``; what has no value comes last, ties keep their order."""
    chosen = ORDERS.get(order, ORDERS["loss"])
    return table.sort_values(chosen.column, ascending=chosen.ascending, kind="stable")


def take_sheet(table: pd.DataFrame, sheet: int, size: int) -> pd.DataFrame:
    """Rows of the ``sheet``-th page of a gallery, 1 up; past the end is the last page."""
    sheet = min(max(sheet, 1), count_sheets(len(table), size))
    return table.iloc[(sheet - 1) * size : sheet * size]


def count_sheets(paintings: int, size: int) -> int:
    return max(1, math.ceil(paintings / size))


def inside(outlines: Iterable[Outline], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(n,) bool: the point lies in one of the outlines, by the even-odd rule."""
    within = np.zeros(len(x), dtype=bool)
    for outline in outlines:
        within |= _inside_one(outline, x, y)
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
    return "|".join(";".join(f"{x:.3g},{y:.3g}" for x, y in outline) for outline in thinned)


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
