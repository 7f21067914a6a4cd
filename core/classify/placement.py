"""Where a picture lies among the paintings of a run: its neighbours, its place on the map."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.findings.neighbours import take_nearest

# Not BLAS': its threads spin for 25 ms after each product, and the next forward pass lacks a core.
_CORES: Final = min(8, os.cpu_count() or 1)
_THREADS: Final = ThreadPoolExecutor(_CORES, "similarity")
POSITION_TEMPERATURE: Final = 0.05  # of similarity: the nearest few decide where a picture sits


@dataclass(frozen=True)
class Placement:
    """``neighbours`` (k,) rows, nearest first; ``similarities`` (k,) their cosine, -1 to 1.

    ``position`` (2,) on the style map: the neighbours' mean weighted by similarity.
    """

    neighbours: np.ndarray
    similarities: np.ndarray
    position: np.ndarray


def place_picture(
    embedding: np.ndarray, embeddings: np.ndarray, positions: np.ndarray, k: int
) -> Placement:
    """Places ``embedding`` (D,) among ``embeddings`` (N, D), which lie at ``positions`` (N, 2).

    Embeddings are L2-normalised. ``k`` is cut to N. The same picture always gets the same place,
    which UMAP's own transform would not promise.
    """
    similarity = _compute_similarity(embedding, embeddings)
    neighbours, similarities = take_nearest(similarity[None], min(k, len(embeddings)))
    weights = np.exp((similarities[0] - similarities[0].max()) / POSITION_TEMPERATURE)
    position = (positions[neighbours[0]] * weights[:, None]).sum(axis=0) / weights.sum()
    return Placement(neighbours[0], similarities[0], np.asarray(position))


def _compute_similarity(embedding: np.ndarray, embeddings: np.ndarray) -> np.ndarray:
    """(N,) float32 cosine of ``embedding`` (D,) with each of ``embeddings`` (N, D), -1 to 1."""
    similarity = np.empty(len(embeddings), dtype=np.float32)

    def fill(some: slice) -> None:
        np.einsum("nd,d->n", embeddings[some], embedding, out=similarity[some])

    size = -(-len(embeddings) // _CORES) or 1
    list(_THREADS.map(fill, [slice(at, at + size) for at in range(0, len(embeddings), size)]))
    return similarity
