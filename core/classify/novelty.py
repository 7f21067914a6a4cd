"""Whether a picture resembles the collection, by two layers of the network.

The first is the frozen stem's end, where noise, text and charts stand out; the second the next to
last block, where photographs do. Each painting of the collection is compared with the others only,
so that a new painting of its kind scores alike. The highest logit and the distance to the nearest
embeddings do not tell paintings from pages of text (bench/LOG.md): a model that separates styles
learns to ignore what all paintings share. Source: Mahalanobis distance (Lee et al., "A Simple
Unified Framework for Detecting Out-of-Distribution Samples and Adversarial Attacks", NeurIPS 2018),
here without classes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

UNLIKE: Final = 0.95  # of the collection lies nearer to its middle
UNUSUAL: Final = 0.9  # one held-out painting in ten lies beyond
FLOOR: Final = 0.01  # added to every variance: directions that hardly vary weigh no more than this
SAMPLE: Final = 10_000  # sample of a larger collection


@dataclass(frozen=True)
class Novelty:
    """``percentile``: share of the collection that is less novel, 0 to 1; high is unlike it."""

    percentile: float

    @property
    def is_unlike(self) -> bool:
        """Whether the picture is called unlike anything here."""
        return self.percentile >= UNLIKE

    @property
    def is_unusual(self) -> bool:
        """Whether to treat the answer with caution, though the picture is not unlike everything."""
        return UNUSUAL <= self.percentile < UNLIKE


class NoveltyReference:
    """The collection in one or more layers, to hold one more picture against.

    ``layers``: each (N, C), a layer's channels averaged over each painting. The layer in which a
    picture is more unusual decides.
    """

    def __init__(self, *layers: np.ndarray) -> None:
        step = -(-len(layers[0]) // SAMPLE)
        self._layers = [_Layer(each[::step].astype(np.float64)) for each in layers]
        self._own = np.sort(np.max([layer.rank(layer.own) for layer in self._layers], axis=0))

    def measure(self, *layers: np.ndarray) -> np.ndarray:
        """(B,) shares of the collection that are less novel, 0 to 1, of layers (B, C) each."""
        ranks = [
            mine.rank(mine.measure(each.astype(np.float64)))
            for mine, each in zip(self._layers, layers, strict=True)
        ]
        shares: np.ndarray = np.searchsorted(self._own, np.max(ranks, axis=0)) / len(self._own)
        return shares

    def judge(self, *layers: np.ndarray) -> Novelty:
        """Novelty of one picture's layers, (C,) each."""
        return Novelty(float(self.measure(*(each[None] for each in layers))[0]))


class _Layer:
    """Distance from the collection's middle in one layer, and its own paintings' distances."""

    def __init__(self, values: np.ndarray) -> None:
        self.measure = _fit(values)
        self.own = _leave_out(self.measure(values))
        self._sorted = np.sort(self.own)

    def rank(self, distances: np.ndarray) -> np.ndarray:
        """Share of the collection that lies nearer, 0 to 1."""
        return np.searchsorted(self._sorted, distances) / len(self._sorted)


def _fit(values: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Squared Mahalanobis distance of (B, C) from the middle of (N, C) ``values``, 0 up."""
    mean, scale = values.mean(axis=0), values.std(axis=0) + 1e-6
    variances, axes = np.linalg.eigh(np.atleast_2d(np.cov(((values - mean) / scale).T)))
    axes = axes / np.sqrt(variances.clip(0) + FLOOR)
    return lambda others: np.asarray((((others - mean) / scale @ axes) ** 2).sum(axis=1))


def _leave_out(distances: np.ndarray) -> np.ndarray:
    """(N,) each distance with its own painting left out of the fit, by Sherman-Morrison.

    Exact but for ``FLOOR`` and the channels' scales, which one painting hardly moves.
    """
    count = len(distances)
    weight = count / ((count - 1) * max(1, count - 2))
    return np.asarray(
        (count / (count - 1)) ** 2 * distances / (1 - (weight * distances).clip(max=0.999))
    )
