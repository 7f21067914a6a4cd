"""The nearest paintings of a run, found without reading every embedding in full."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.findings.neighbours import take_nearest

DIRECTIONS: Final = 32  # read for every painting; the rest only for the few that may be near
SAMPLE: Final = 10_000  # paintings from which the directions are computed
LIKELY: Final = 512  # paintings that are read first: the nearest are most likely among them
BLOCK: Final = 4096  # paintings that are read at once
ROUNDING: Final = 1e-5  # of a product in float32, and more


class NeighbourIndex:
    """``embeddings`` (N, D) float32, L2-normalised, to look the nearest of another one up in.

    Their leading principal directions hold most of every embedding. What the others can add to a
    similarity is bounded by the lengths of the two remainders (Cauchy-Schwarz), so the result is
    exactly that of a full search.
    """

    def __init__(self, embeddings: np.ndarray) -> None:
        self._embeddings = embeddings
        some = embeddings[:: -(-len(embeddings) // SAMPLE)]
        _, axes = np.linalg.eigh(some.T @ some)
        self._axes = np.ascontiguousarray(axes[:, -DIRECTIONS:].T)
        leading = embeddings @ self._axes.T
        self._leading = np.ascontiguousarray(leading.T)
        self._rest = _measure_rest(embeddings, leading)

    def search(self, embedding: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Rows (k,) int32 nearest to ``embedding`` (D,), and their cosine (k,) float32, -1 to 1.

        ``embedding`` is L2-normalised. Nearest first; ties fall to the lower row. ``k`` is cut
        to N.
        """
        k = min(k, len(self._embeddings))
        highest = self._bound(embedding)
        likely = _find_highest(highest, min(max(k, LIKELY), len(highest)))
        kth = np.partition(self._compare(embedding, likely), -k)[-k]
        near = np.flatnonzero(highest >= kth)
        places, similarities = take_nearest(self._compare(embedding, near)[None], k)
        return near[places[0]].astype(np.int32), similarities[0]

    # einsum instead of BLAS, whose threads spin for 25 ms after each product and take a core from
    # the next forward pass.

    def _bound(self, embedding: np.ndarray) -> np.ndarray:
        """(N,) the highest that each painting's similarity can be."""
        leading = np.einsum("md,d->m", self._axes, embedding)
        estimate = np.einsum("mn,m->n", self._leading, leading)
        bound: np.ndarray = estimate + self._rest * _measure_rest(embedding, leading)
        return bound

    def _compare(self, embedding: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """(n,) similarities of the paintings ``rows``."""
        blocks = (rows[at : at + BLOCK] for at in range(0, len(rows), BLOCK))
        return np.concatenate(
            [np.einsum("nd,d->n", self._embeddings[block], embedding) for block in blocks]
        )


def _find_highest(values: np.ndarray, count: int) -> np.ndarray:
    """Places of the ``count`` highest, or of more where the last are equal."""
    return np.flatnonzero(values >= np.partition(values, -count)[-count])


def _measure_rest(embeddings: np.ndarray, leading: np.ndarray) -> np.ndarray:
    """Length of the remainder outside the leading directions, for each of ``embeddings`` (..., D).

    Never less, though float32 rounds: two such lengths make up for that in their product, too.
    """
    whole, part = (np.einsum("...d,...d", each, each) for each in (embeddings, leading))
    rests: np.ndarray = np.sqrt((whole - part).clip(0) + ROUNDING)
    return rests
