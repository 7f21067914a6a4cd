"""The nearest paintings of a run, found without reading every embedding to its end."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from core.findings.neighbours import take_nearest

# Not BLAS': its threads spin for 25 ms after each product, and the next forward pass lacks a core.
_THREADS: Final = ThreadPoolExecutor(min(8, os.cpu_count() or 1), "similarity")
DIRECTIONS: Final = 32  # read of every painting; the rest only of the few that may be near
SAMPLE: Final = 10_000  # paintings that say which directions those are
LIKELY: Final = 512  # paintings that are read first: the nearest are most likely among them
BLOCK: Final = 2048  # paintings a thread reads at a time
ROUNDING: Final = 1e-5  # of a product in float32, and more


class NeighbourIndex:
    """``embeddings`` (N, D) float32, L2-normalised, to look the nearest of another one up in.

    Their leading principal directions hold most of every embedding. What the others can add to a
    similarity is bounded by the lengths of the two rests (Cauchy and Schwarz), so that what is
    found is exactly what a search through all of them would find.
    """

    def __init__(self, embeddings: np.ndarray) -> None:
        self._embeddings = embeddings
        some = embeddings[:: -(-len(embeddings) // SAMPLE)]
        _, axes = np.linalg.eigh(some.T @ some)
        self._axes = np.ascontiguousarray(axes[:, -DIRECTIONS:].T)
        self._leading = embeddings @ self._axes.T
        self._rest = _measure_rest(embeddings, self._leading)

    def search(self, embedding: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Rows (k,) int32 nearest to ``embedding`` (D,), and their cosine (k,) float32, -1 to 1.

        ``embedding`` is L2-normalised. Nearest first; ties fall to the lower row. ``k`` is cut
        to N.
        """
        k = min(k, len(self._embeddings))
        highest = self._bound(embedding)
        first = min(max(k, LIKELY), len(highest))
        likely = np.argpartition(-highest, first - 1)[:first]
        kth = np.partition(self._compare(embedding, likely), -k)[-k]
        near = np.flatnonzero(highest >= kth)
        places, similarities = take_nearest(self._compare(embedding, near)[None], k)
        return near[places[0]].astype(np.int32), similarities[0]

    def _bound(self, embedding: np.ndarray) -> np.ndarray:
        """(N,) the highest that each painting's similarity can be."""
        leading = self._axes @ embedding
        estimate = _multiply(lambda some: self._leading[some], len(self._leading), leading)
        return estimate + self._rest * _measure_rest(embedding, leading)

    def _compare(self, embedding: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """(n,) similarities of the paintings ``rows``."""
        return _multiply(lambda some: self._embeddings[rows[some]], len(rows), embedding)


def _measure_rest(embeddings: np.ndarray, leading: np.ndarray) -> np.ndarray:
    """Lengths of what the leading directions leave of each of ``embeddings`` (..., D).

    Never less, though float32 rounds: two such lengths make up for that in their product, too.
    """
    whole, part = (np.einsum("...d,...d", each, each) for each in (embeddings, leading))
    return np.sqrt((whole - part).clip(0) + ROUNDING)


def _multiply(take: Callable[[slice], np.ndarray], count: int, vector: np.ndarray) -> np.ndarray:
    """(count,) float32 products with ``vector`` (D,) of rows that ``take`` gives block by block."""
    products = np.empty(count, dtype=np.float32)

    def fill(start: int) -> None:
        some = slice(start, start + BLOCK)
        np.einsum("nd,d->n", take(some), vector, out=products[some])

    list(_THREADS.map(fill, range(0, count, BLOCK)))
    return products
