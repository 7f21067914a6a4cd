"""Outlines drawn around points: as text for a link, and what lies inside."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

Outline = tuple[tuple[float, float], ...]


MAX_CORNERS: Final = 48  # of one outline in a link


MAX_OUTLINES: Final = 24  # in a link


MAX_DRAWN: Final = 24_000  # characters of all outlines together, in a link or as they are drawn


MAX_REACH: Final = 1e6  # of a coordinate


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
    thinned = (_thin(outline) for outline in outlines if outline)
    return "|".join(";".join(f"{x:.5g},{y:.5g}" for x, y in outline) for outline in thinned)


def parse_outlines(text: str) -> tuple[Outline, ...]:
    """What ``format_outlines`` wrote; anything else is left out.

    Nothing is read of a text above ``MAX_DRAWN`` or of more than ``MAX_OUTLINES``: see
    ``is_too_much``. Outlines lose corners above ``MAX_CORNERS``.
    """
    if is_too_much(text):
        return ()
    found = (_parse_outline(part) for part in text.split("|") if part)
    return tuple(_thin(outline) for outline in found if len(outline) >= 3)


def is_too_much(text: str) -> bool:
    """Whether there are more outlines, or longer ones, than are taken."""
    return len(text) > MAX_DRAWN or text.count("|") >= MAX_OUTLINES


def _thin(outline: Outline) -> Outline:
    return outline[:: math.ceil(len(outline) / MAX_CORNERS)]


def _parse_outline(text: str) -> Outline:
    try:
        corners = [corner.split(",") for corner in text.split(";")]
        outline = tuple((float(x), float(y)) for x, y in corners)
    except ValueError:
        return ()
    fits = all(abs(value) <= MAX_REACH for corner in outline for value in corner)  # NaN does not
    return outline if fits else ()
