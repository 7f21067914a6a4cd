"""Whether two thumbnails show one picture, though cropped, framed or mirrored."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

SIDE: Final = 16
CROPS: Final = (0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14)  # of each side, all four alike
FLAT_LEVELS: Final = 6.0  # standard deviation of a nearly blank picture, of 255 levels
PAIRS_AT_ONCE: Final = 1024


def compute_likeness(thumbnails: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """(P,) correlation of the best alignment of each pair, -1 to 1, high is one picture.

    ``thumbnails`` (N, S, S, 3) uint8, whole pictures squashed; ``pairs`` (P, 2) rows. Each picture
    is compared whole with the other's middle at several crops, and mirrored, in 16 x 16 colours
    without their mean. 0 where either is nearly blank: there is nothing to compare.
    """
    likeness = np.zeros(len(pairs), dtype=np.float32)
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        some = slice(start, start + PAIRS_AT_ONCE)
        left, right = (_as_planes(thumbnails[pairs[some, side]]) for side in (0, 1))
        best = np.maximum(_compare(left, right), _compare(right, left))
        blank = np.minimum(_spread(left), _spread(right)) < FLAT_LEVELS
        likeness[some] = np.where(blank, 0, best)
    return likeness


def _compare(whole: np.ndarray, cropped: np.ndarray) -> np.ndarray:
    """(n,) best correlation of ``whole``, as it is and mirrored, with crops of ``cropped``."""
    base = _shrink(whole, 0.0)
    mirrored = base.reshape(-1, 3, SIDE, SIDE)[..., ::-1].reshape(base.shape)
    best = np.full(len(whole), -1.0, dtype=np.float32)
    for crop in CROPS:
        other = _shrink(cropped, crop)
        for side in (base, mirrored):
            best = np.maximum(best, np.einsum("nd,nd->n", side, other))
    return best


def _shrink(planes: np.ndarray, crop: float) -> np.ndarray:
    """(n, 768) float32 unit rows: the middle of each picture in 16 x 16 colours, centred."""
    weights = _resize_weights(planes.shape[2], crop)
    small = weights @ planes @ weights.T  # (n, 3, 16, 16)
    small -= small.mean(axis=(2, 3), keepdims=True)
    rows = small.reshape(len(planes), 3 * SIDE**2)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


@lru_cache(maxsize=32)
def _resize_weights(size: int, crop: float) -> np.ndarray:
    """(16, size) float32: box filter from the middle of ``size`` pixels, rows sum to 1."""
    edges = np.linspace(crop * size, (1 - crop) * size, SIDE + 1)
    pixels = np.arange(size)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    weights = overlap.clip(0)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


def _as_planes(thumbnails: np.ndarray) -> np.ndarray:
    """(n, 3, S, S) float32, one plane a colour."""
    return np.ascontiguousarray(thumbnails.transpose(0, 3, 1, 2), dtype=np.float32)


def _spread(planes: np.ndarray) -> np.ndarray:
    spread: np.ndarray = planes.mean(axis=1).std(axis=(1, 2))
    return spread
