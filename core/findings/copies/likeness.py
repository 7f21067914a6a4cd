"""Whether two thumbnails show one picture, though cropped, framed or mirrored."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from core.findings.copies.borders import find_borders, trim_borders

SIDE: Final = 16
CROPS: Final = (0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14)  # of each side, all four alike
FLAT_LEVELS: Final = 6.0  # standard deviation of a nearly blank picture, of 255 levels
AT_ONCE: Final = 32  # pictures or pairs; few, so that they stay in the processor's cache


def compute_likeness(thumbnails: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """(P,) float32 correlation of the best alignment of each pair, -1 to 1, high is one picture.

    ``thumbnails`` (N, S, S, 3) uint8, whole pictures squashed; ``pairs`` (P, 2) rows. Each picture
    is compared whole with the other's middle at several crops, and mirrored, in 16 x 16 colours
    without their mean. Borders (``find_borders``) are cut first: two are alike whatever they
    enclose. Where one of the two has a border, it is compared with it as well: it may be the plain
    ground of a picture. 0 where either is nearly blank: nothing can be compared.
    """
    likeness, borders = _compare(thumbnails, pairs), find_borders(thumbnails)
    framed = (borders[pairs] > 0).any(axis=2).sum(axis=1)  # of the two
    some = np.flatnonzero(framed)
    rows, places = np.unique(pairs[some], return_inverse=True)
    inside = _compare(trim_borders(thumbnails[rows], borders[rows]), places.reshape(-1, 2))
    better = (inside != 0) & (inside > likeness[some])
    likeness[some] = np.where(better | (framed[some] == 2), inside, likeness[some])
    return likeness


def _compare(thumbnails: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """As ``compute_likeness``, each picture taken as it is.

    All pictures are kept whole, in few colours; their crops only while they are compared.
    """
    rows, places = np.unique(pairs, return_inverse=True)
    places = places.reshape(pairs.shape)
    wholes = np.empty((len(rows), 3 * SIDE**2), dtype=np.float16)
    is_blank = np.empty(len(rows), dtype=bool)
    weights = np.stack([_resize_weights(thumbnails.shape[2], crop) for crop in CROPS])

    def describe(some: slice) -> None:
        planes = _read_planes(thumbnails, rows[some])
        grey = (planes[:, 0] + planes[:, 1] + planes[:, 2]) / 3  # a mean over so few is slow
        is_blank[some] = grey.std(axis=(1, 2)) < FLAT_LEVELS
        wholes[some] = _take_middles(planes, weights[:1])[:, 0]

    cropped, other = np.concatenate([places, places[:, ::-1]]).T  # each pair in both directions
    order = np.argsort(cropped, kind="stable")
    starts = np.searchsorted(cropped[order], np.arange(len(rows) + 1))
    correlation = np.empty(len(cropped), dtype=np.float32)

    def compare(some: slice) -> None:
        middles = _take_middles(_read_planes(thumbnails, rows[some]), weights).astype(np.float16)
        asked = order[starts[some.start] : starts[min(some.stop, len(rows))]]
        for part in _slices(len(asked)):
            mine = asked[part]
            places = cropped[mine] - some.start
            correlation[mine] = _correlate(middles[places], wholes[other[mine]])

    with ThreadPoolExecutor() as pool:  # numpy releases the interpreter's lock
        list(pool.map(describe, _slices(len(rows))))
        list(pool.map(compare, _slices(len(rows))))
    likeness = correlation.reshape(2, -1).max(axis=0).clip(-1, 1)
    return np.where(is_blank[places].any(axis=1), 0, likeness)


def _read_planes(thumbnails: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(n, 3, S, S) float32."""
    planes: np.ndarray = thumbnails[rows].transpose(0, 3, 1, 2).astype(np.float32)
    return planes


def _take_middles(planes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(n, C, 768) middles of ``planes`` (n, 3, S, S), centred, of length 1, one a crop."""
    narrow = planes.reshape(-1, planes.shape[3]) @ np.concatenate(weights).T  # all crops at once
    narrow = narrow.reshape(*planes.shape[:3], len(weights), SIDE)
    small = np.stack([each @ narrow[..., crop, :] for crop, each in enumerate(weights)], axis=1)
    small -= small.mean(axis=(3, 4), keepdims=True)
    middles = small.reshape(*small.shape[:2], -1)
    directions: np.ndarray = middles / np.maximum(
        np.linalg.norm(middles, axis=2, keepdims=True), 1e-6
    )
    return directions


def _correlate(cropped: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """(n,) best correlation of ``whole`` (n, 768), as it is and mirrored, with all of the middles
    ``cropped`` (n, C, 768) of another picture.
    """
    whole = whole.astype(np.float32)
    mirrored = whole.reshape(-1, 3, SIDE, SIDE)[..., ::-1].reshape(whole.shape)
    sides = np.stack([whole, mirrored], axis=2)  # (n, 768, 2)
    best: np.ndarray = (cropped.astype(np.float32) @ sides).max(axis=(1, 2))
    return best


def _resize_weights(size: int, crop: float) -> np.ndarray:
    """(16, size) float32: box filter from the middle of ``size`` pixels, rows sum to 1."""
    edges = np.linspace(crop * size, (1 - crop) * size, SIDE + 1)
    pixels = np.arange(size)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    weights = overlap.clip(0)
    shares: np.ndarray = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def _slices(count: int) -> list[slice]:
    return [slice(start, start + AT_ONCE) for start in range(0, count, AT_ONCE)]
