"""The point cloud as a still picture, for browsers that cannot draw it themselves."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import numpy as np
from PIL import Image

from core.findings.labels.quadrants import QUADRANTS, code_quadrants
from dashboard.figures.colour_vision import parse_colour
from dashboard.figures.palette import NEUTRAL, QUADRANT_COLOURS, RAMPS
from dashboard.point_cloud.packing import Column
from dashboard.selection.layout import Layout

LONG_SIDE: Final = 1600  # pixels
GHOST: Final = 0.22  # how strongly filtered-out points are drawn
SHOWN: Final = 0.9
_DISC: Final = [(x, y) for x in (-2, -1, 0, 1, 2) for y in (-2, -1, 0, 1, 2) if x * x + y * y < 6]


def build_cloud_picture(
    columns: Sequence[Column],
    layout: Layout,
    colour: str,
    thresholds: tuple[float, float],
    shown: np.ndarray | None,
    dark: bool,
) -> bytes:
    """PNG of the whole ``layout``, edge to edge, transparent where there is nothing.

    ``thresholds`` (loss, confidence) decide the quadrants; ``shown`` is (n,) bool, None for all.
    """
    by_name = {column.name: column for column in columns}
    place = by_name[layout]
    width, height = picture_size(place, layout)
    shares = place.values.astype(float) / (np.iinfo(np.uint16).max - 1)
    here = (shares <= 1).all(axis=1)
    x = np.rint(shares[:, 0] * (width - 1)).astype(int)
    y = np.rint((1 - shares[:, 1]) * (height - 1)).astype(int)
    paint = colour_rows(by_name, colour, thresholds, "dark" if dark else "light")
    pixels = np.zeros((height, width, 4), dtype=np.uint8)
    keep = np.ones(len(x), dtype=bool) if shown is None else shown
    order = np.random.default_rng(0).permutation(len(x))
    ghosts, drawn = order[(here & ~keep)[order]], order[(here & keep)[order]]
    _stamp(pixels, x[ghosts], y[ghosts], parse_colour(NEUTRAL), GHOST)
    _stamp(pixels, x[drawn], y[drawn], paint[drawn], SHOWN)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=4)
    return buffer.getvalue()


def picture_size(place: Column, layout: Layout) -> tuple[int, int]:
    """Width and height in pixels: a map keeps its proportions, a chart is as the page draws it."""
    wide, high = np.subtract(place.facts["high"], place.facts["low"])
    if layout == "quadrants":
        wide, high = 2.4, 1.0
    scale = LONG_SIDE / max(wide, high)
    return max(1, round(wide * scale)), max(1, round(high * scale))


def colour_rows(
    columns: dict[str, Column], colour: str, thresholds: tuple[float, float], page: str
) -> np.ndarray:
    """(n, 3) sRGB of each painting, 0 to 1; neutral where it has no value."""
    codes, palette = _codes_and_palette(columns, colour, thresholds, page)
    table = np.array([parse_colour(text) for text in [*palette, NEUTRAL]])
    return table[np.where(codes < len(palette), codes, len(palette))]


def _codes_and_palette(
    columns: dict[str, Column], colour: str, thresholds: tuple[float, float], page: str
) -> tuple[np.ndarray, list[str]]:
    if colour == "quadrant":
        return _code_quadrants(columns, thresholds), [QUADRANT_COLOURS[name] for name in QUADRANTS]
    column, ramp = columns[colour], RAMPS[page]
    if column.kind == "score":
        top = np.iinfo(column.values.dtype).max
        stops = np.rint(column.values / (top - 1) * (len(ramp) - 1)).astype(int)
        return np.where(column.values == top, len(ramp), stops), list(ramp)
    palette = [
        entry["colour"] if "colour" in entry else ramp[round(entry["ramp"] * (len(ramp) - 1))]
        for entry in column.facts["classes"]
    ]
    return column.values.astype(int), palette


def _code_quadrants(columns: dict[str, Column], thresholds: tuple[float, float]) -> np.ndarray:
    """(n,) places in ``QUADRANTS``."""
    place, states = columns["quadrants"], columns["label_state"].values
    shares = place.values / (np.iinfo(np.uint16).max - 1)
    confidence, loss = (shares * place.facts["high"]).T
    return code_quadrants(states, loss, confidence, *thresholds)


def _stamp(
    pixels: np.ndarray, x: np.ndarray, y: np.ndarray, ink: np.ndarray, strength: float
) -> None:
    """Puts a small disc of ``ink``, (n, 3) or (3,), at each (x, y); later ones lie on top."""
    height, width = pixels.shape[:2]
    colour = np.empty((len(x), 4), dtype=np.uint8)
    colour[:, :3], colour[:, 3] = ink * 255, strength * 255
    for right, down in _DISC:
        across, along = np.clip(x + right, 0, width - 1), np.clip(y + down, 0, height - 1)
        pixels[along, across] = colour
