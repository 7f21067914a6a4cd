"""How unlike other artists' works a picture is, by what two layers of the network see of it.

The first layer is the frozen stem's end (texture), where noise, text and charts stand out; the
second the next to last block (content), where photographs and things in a room do. Of each, means
and spreads of its channels over the picture. Measured is the distance to the
nearest works by other artists, held against the collection's own distances: 0 is their middle, 1
their outer fence, beyond which a homogeneous collection has nothing. The model's answer has no part
in it: a low logit as novelty would make "novel and sure" impossible.

Sources: distance to the nearest neighbours (Sun et al., "Out-of-Distribution Detection with Deep
Nearest Neighbors", ICML 2022); fences (Tukey, "Exploratory Data Analysis", 1977), on the log of the
distance, whose spread is even.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from core.findings.oeuvre.other_works import part_unknown

UNLIKE: Final = 1.0  # the outer fence: from here on nothing here is like the picture
UNUSUAL: Final = 4 / 7  # the inner fence, where the quartiles lie evenly about the middle
NEIGHBOURS: Final = 10
FENCE: Final = 3.0  # interquartile ranges beyond the third quartile
LEAST_REACH: Final = float(np.log(1.25))  # what lies no more than a quarter farther is not novel
LEAST_SHARED: Final = 0.75  # of a layer's fence: that of all layers together lies no nearer
FLOOR: Final = 0.3  # added to every variance: directions that hardly vary weigh no more than this
WORKS_A_CHANNEL: Final = 2  # that it takes to learn how channels vary together
SAMPLE: Final = 8_000  # works that stand for a larger collection
BLOCK_ROWS: Final = 2_048
_NEAREST: Final = 1e-6  # of a distance, so that its log stays finite: copies of one picture


class NoveltyReference:
    """A collection's works in one layer or more, to hold pictures against.

    ``layers``: each (N, C), statistics of a layer's channels over each work, such as their means
    and spreads; no unit of theirs matters. ``artists`` (N,) as
    ``code_artists``, -1 for unknown, each of whom is a hand of their own but for copies
    (``duplicates`` (N,), group ids) of one picture.
    """

    def __init__(
        self,
        layers: Sequence[np.ndarray],
        artists: np.ndarray,
        duplicates: np.ndarray | None = None,
    ) -> None:
        hands = part_unknown(artists, duplicates)
        rows = np.arange(0, len(hands), -(-len(hands) // SAMPLE))
        self._layers = [_Layer(each[rows], hands[rows]) for each in layers]
        own = _take_highest([layer.own for layer in self._layers])
        self._middle, self._reach = _find_fence(own, LEAST_SHARED)

    def measure(self, layers: Sequence[np.ndarray], hands: np.ndarray | None = None) -> np.ndarray:
        """(B,) novelty of pictures by their ``layers``, (B, C) each; NaN without works by others.

        ``hands`` (B,): whose works each is not held against, as ``part_unknown``; None where
        unknown.
        """
        seen = [mine.measure(each, hands) for mine, each in zip(self._layers, layers, strict=True)]
        return (_take_highest(seen) - self._middle) / self._reach


def compute_novelty(
    layers: Sequence[np.ndarray], artists: np.ndarray, duplicates: np.ndarray
) -> np.ndarray:
    """(N,) novelty of the collection's own works: 0 the middle, 1 the outer fence, high is novel.

    NaN without ``layers``, and where no other artist is there. Arguments as ``NoveltyReference``.
    """
    if not layers or not len(artists):
        return np.full(len(artists), np.nan)
    reference = NoveltyReference(layers, artists, duplicates)
    return reference.measure(layers, part_unknown(artists, duplicates))


def compute_oeuvre_novelty(
    novelty: np.ndarray, artists: np.ndarray, least_works: int
) -> dict[int, float]:
    """How unlike others' works those of an artist are, taken together, by code; high is novel.

    0 is the middle of the artists' means of ``novelty`` (N,), 1 their outer fence, which lies no
    nearer than the inner fence of single works. ``artists`` (N,) codes, -1 for unknown; works of
    which nothing is known (NaN) are left out, and artists with fewer than ``least_works``.
    """
    rows = np.flatnonzero((artists >= 0) & ~np.isnan(novelty))
    codes, place, works = np.unique(artists[rows], return_inverse=True, return_counts=True)
    means = np.bincount(place, novelty[rows], len(codes)) / works
    codes, means = codes[works >= least_works], means[works >= least_works]
    if not len(codes):
        return {}
    middle, reach = _find_fence(means, max(UNUSUAL - float(np.median(means)), _NEAREST))
    return dict(zip(codes.tolist(), ((means - middle) / reach).tolist(), strict=True))


def shrink_covariance(works: np.ndarray) -> np.ndarray:
    """(C, C) covariance of works (n, C) about 0, shrunk towards equal variances.

    As ``sklearn.covariance.ledoit_wolf``, without scikit-learn, which the dashboard lacks (Ledoit
    and Wolf, "A Well-Conditioned Estimator for Large-Dimensional Covariance Matrices", 2004).
    """
    count, channels = works.shape
    sample = works.T @ works / count
    mean = float(np.trace(sample)) / channels
    spread = float((sample**2).sum()) - channels * mean**2
    error = float(((works**2).sum(axis=1) ** 2).mean() - (sample**2).sum()) / count
    share = min(error / spread, 1.0) if spread > 0 else 0.0
    return np.asarray((1 - share) * sample + share * mean * np.eye(channels))


class _Layer:
    """Log distances to the nearest works by others in one layer, in its own spread's units."""

    def __init__(self, works: np.ndarray, hands: np.ndarray) -> None:
        works = _take_roots(works)
        self._mean, self._axes = _fit_axes(works, hands)
        self._works, self._hands = self._whiten(works), hands
        self._sizes = (self._works**2).sum(axis=1)
        raw = self._measure_raw(self._works, hands)
        self._middle, self._reach = _find_fence(raw, LEAST_REACH)
        self.own = (raw - self._middle) / self._reach

    def measure(self, pictures: np.ndarray, hands: np.ndarray | None) -> np.ndarray:
        """(B,) of pictures (B, C): 0 is this layer's middle, 1 its outer fence."""
        blocks = range(0, len(pictures), BLOCK_ROWS)
        seen = [self._whiten(_take_roots(pictures[at : at + BLOCK_ROWS])) for at in blocks]
        raw = self._measure_raw(np.concatenate([*seen, self._works[:0]]), hands)
        return (raw - self._middle) / self._reach

    def _whiten(self, values: np.ndarray) -> np.ndarray:
        return np.asarray((values - self._mean) @ self._axes, dtype=np.float32)

    def _measure_raw(self, queries: np.ndarray, hands: np.ndarray | None) -> np.ndarray:
        """(B,) log of the mean distance to the nearest; NaN where there are no others."""
        starts = range(0, len(queries), BLOCK_ROWS)
        parts = [
            self._measure_block(
                queries[start : start + BLOCK_ROWS],
                None if hands is None else hands[start : start + BLOCK_ROWS],
            )
            for start in starts
        ]
        return np.log(np.concatenate([*parts, np.empty(0)]) + _NEAREST)

    def _measure_block(self, queries: np.ndarray, hands: np.ndarray | None) -> np.ndarray:
        squares = (queries**2).sum(axis=1)[:, None] + self._sizes
        products = queries @ self._works.T
        products *= 2  # in place, and so below: blocks of 65 MB are not made anew
        squares -= products
        if hands is not None:
            np.copyto(squares, np.inf, where=hands[:, None] == self._hands)
        near = min(NEIGHBOURS, squares.shape[1])
        squares.partition(near - 1, axis=1)
        nearest = np.sqrt(squares[:, :near].clip(0))
        others = np.isfinite(nearest)
        sums = np.where(others, nearest, 0).sum(axis=1, dtype=np.float64)
        count = others.sum(axis=1)
        return np.where(count > 0, sums / np.maximum(count, 1), np.nan)


def _take_roots(values: np.ndarray) -> np.ndarray:
    """Signed roots, so that the few works in which a channel is strong do not set its spread."""
    values = values.astype(np.float64)
    return np.asarray(np.sign(values) * np.sqrt(np.abs(values)))


def _take_highest(measured: Sequence[np.ndarray]) -> np.ndarray:
    """(B,) the layer in which a picture is the stranger decides."""
    return np.asarray(np.max(measured, axis=0))


def _fit_axes(works: np.ndarray, hands: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (C,) and axes (C, C) that give works (n, C) unit variance in every direction.

    Every hand counts alike, or a large oeuvre unlike all others would itself become what is usual.
    Where works are very few for their channels each channel stands alone, or any new work would
    seem far.
    """
    _, place, sizes = np.unique(hands, return_inverse=True, return_counts=True)
    weights = 1 / sizes[place]
    weights /= weights.mean()
    mean = np.average(works, axis=0, weights=weights)
    scale = np.sqrt(np.average((works - mean) ** 2, axis=0, weights=weights)) + _NEAREST
    if len(works) < WORKS_A_CHANNEL * works.shape[1]:
        return mean, np.diag(1 / scale)
    even = (works - mean) / scale * np.sqrt(weights)[:, None]
    variances, axes = np.linalg.eigh(shrink_covariance(even))
    return mean, axes / scale[:, None] / np.sqrt(variances.clip(0) + FLOOR)


def _find_fence(values: np.ndarray, least: float) -> tuple[float, float]:
    """The middle of distances, and how far beyond it their outer fence lies, ``least`` or more."""
    known = values[~np.isnan(values)]
    if not len(known):
        return 0.0, least
    first, middle, third = np.quantile(known, [0.25, 0.5, 0.75])
    return float(middle), max(float(third + FENCE * (third - first) - middle), least)
