"""Nearest paintings by cosine similarity, in blocks that bound memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

BLOCK_ROWS: Final = 1024


def find_neighbours(
    embeddings: np.ndarray, k: int, on_rows: Callable[[int], None] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The ``k`` nearest other rows of each row, nearest first.

    ``embeddings`` (N, D), L2-normalised. Returns rows (N, k) int32 and cosine similarities (N, k)
    float32, -1 to 1. ``k`` is cut to N - 1. Ties fall to the lower row.
    """
    vectors = np.ascontiguousarray(embeddings, dtype=np.float32)
    k = min(k, len(vectors) - 1)
    rows = np.empty((len(vectors), k), dtype=np.int32)
    similarities = np.empty((len(vectors), k), dtype=np.float32)
    for start in range(0, len(vectors), BLOCK_ROWS):
        stop = min(start + BLOCK_ROWS, len(vectors))
        block = vectors[start:stop] @ vectors.T
        block[np.arange(stop - start), np.arange(start, stop)] = -np.inf
        rows[start:stop], similarities[start:stop] = take_nearest(block, k)
        if on_rows:
            on_rows(stop - start)
    return rows, similarities


def take_nearest(similarities: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Columns and values of the ``k`` highest entries of each row of (n, N), highest first."""
    candidates = np.argpartition(-similarities, min(k, similarities.shape[1] - 1), axis=1)[:, :k]
    candidates.sort(axis=1)
    values = np.take_along_axis(similarities, candidates, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return (
        np.take_along_axis(candidates, order, axis=1).astype(np.int32),
        np.take_along_axis(values, order, axis=1),
    )
