"""Outlines drawn around points: as text for a link, and what lies inside."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

Outline = tuple[tuple[float, float], ...]


MAX_CORNERS: Final = 48  # of one outline in a link


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
