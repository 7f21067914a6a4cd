"""Whether a picture is like anything in the collection: the frozen stem's view of its texture.

The stem never learns from labels, so what it says of a new painting and of the collection's own
can be compared: of 634 held-out paintings 5.7 % lie beyond 95 % of the collection. The highest
logit and the distance to the nearest embeddings do not tell paintings from pages of text
(bench/LOG.md): a model that sorts by style learns to overlook what all of them share. Source:
Mahalanobis distance (Lee et al., "A Simple Unified Framework for Detecting Out-of-Distribution
Samples and Adversarial Attacks", NeurIPS 2018), here without classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

UNLIKE: Final = 0.95  # of the collection lies nearer to its middle
UNUSUAL: Final = 0.9  # one held-out painting in ten lies beyond
FLOOR: Final = 0.01  # added to every variance: directions that hardly vary weigh no more than this


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
        """Whether the answer is to be taken with care, though the picture is not unlike all."""
        return UNUSUAL <= self.percentile < UNLIKE


class NoveltyReference:
    """The collection's textures, to hold one more against.

    ``texture`` (N, C): the stem's channels averaged over each painting.
    """

    def __init__(self, texture: np.ndarray) -> None:
        values = texture.astype(np.float64)
        self._mean, self._scale = values.mean(axis=0), values.std(axis=0) + 1e-6
        variances, axes = np.linalg.eigh(np.atleast_2d(np.cov(self._standardise(values).T)))
        self._axes = axes / np.sqrt(variances.clip(0) + FLOOR)
        self._distances = np.sort(self.measure(values))

    def measure(self, texture: np.ndarray) -> np.ndarray:
        """(B,) squared Mahalanobis distance of (B, C) from the collection's middle, 0 up."""
        return np.asarray(((self._standardise(texture) @ self._axes) ** 2).sum(axis=1))

    def judge(self, texture: np.ndarray) -> Novelty:
        """Novelty of one picture's (C,) texture."""
        (distance,) = self.measure(texture[None].astype(np.float64))
        below = int(np.searchsorted(self._distances, distance))
        return Novelty(below / len(self._distances))

    def _standardise(self, texture: np.ndarray) -> np.ndarray:
        return np.asarray((texture - self._mean) / self._scale)
