"""Borders of one colour around a picture: a border, a mount, the paper of a page.

To features and hashes a wide one makes another picture of a copy.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

LEVELS: Final = 12  # of 255, from the corners' colour: noise of compression, shadows of a mount
MOST: Final = 0.25  # of each side that a border can take
EDGE: Final = 0.5  # pixels more, in which border and picture mix
AT_ONCE: Final = 1024


def find_borders(thumbnails: np.ndarray) -> np.ndarray:
    """(N, 4) int64: pixels of border at the top, bottom, left and right; zeros for no border.

    ``thumbnails`` (N, S, S, 3) uint8. A border has one colour and goes all the way round: a plain
    sky is none. Where more than ``MOST`` of a side is plain, the picture is, and has no border.
    """
    borders = np.zeros((len(thumbnails), 4), dtype=np.int64)
    for start in range(0, len(thumbnails), AT_ONCE):
        some = thumbnails[start : start + AT_ONCE]
        framed = np.flatnonzero(_find_framed(some))
        if len(framed):
            borders[start + framed] = _measure(some[framed])
    return borders


def trim_borders(thumbnails: np.ndarray, borders: np.ndarray) -> np.ndarray:
    """(N, S, S, 3) uint8: what ``borders`` (N, 4) enclose, stretched to the thumbnail's size."""
    side, inside = thumbnails.shape[1], thumbnails.copy()
    for row in np.unique(borders.nonzero()[0]):
        top, bottom, left, right = borders[row] + EDGE
        box = (left, top, side - right, side - bottom)
        image = Image.fromarray(thumbnails[row])
        inside[row] = np.asarray(image.resize((side, side), Image.Resampling.BILINEAR, box))
    return inside


def _find_framed(thumbnails: np.ndarray) -> np.ndarray:
    """(n,) bool: the outermost pixels of ``thumbnails`` (n, S, S, 3) are plain."""
    across, down = thumbnails[:, [0, -1]], thumbnails[:, :, [0, -1]].swapaxes(1, 2)
    edge = np.concatenate([across, down], axis=1)
    return np.asarray(_find_plain(edge, _take_colour(thumbnails)).all(axis=(1, 2)))


def _measure(thumbnails: np.ndarray) -> np.ndarray:
    """(n, 4) borders of ``thumbnails`` (n, S, S, 3) whose outermost pixels are plain."""
    is_plain = _find_plain(thumbnails, _take_colour(thumbnails))
    rows, columns = (np.asarray(is_plain.all(axis=axis)) for axis in (2, 1))
    sides = (rows, rows[:, ::-1], columns, columns[:, ::-1])
    plain = np.stack([np.cumprod(lines, axis=1).sum(axis=1) for lines in sides], axis=1)
    is_border = (plain <= MOST * thumbnails.shape[1]).all(axis=1)
    borders: np.ndarray = np.where(is_border[:, None], plain, 0)
    return borders


def _take_colour(thumbnails: np.ndarray) -> np.ndarray:
    """(N, 3) int16: what the four corners have in common."""
    corners = thumbnails[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    return np.asarray(np.median(corners, axis=1), dtype=np.int16)


def _find_plain(pixels: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """(n, h, w) bool: which of ``pixels`` (n, h, w, 3) have their picture's colour (n, 3)."""
    apart = np.abs(pixels.astype(np.int16) - colours[:, None, None])
    is_plain: np.ndarray = apart.max(axis=3) <= LEVELS
    return is_plain
