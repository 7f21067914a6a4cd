"""Nearest paintings in very large collections: searches only the cells around a query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from sklearn.cluster import MiniBatchKMeans

SAMPLE: Final = 100_000  # rows from which the cells' centres are learned
PROBED: Final = 128  # cells searched around each cell
BLOCK_ROWS: Final = 4096

TakeNearest = Callable[[np.ndarray, int], tuple[np.ndarray, np.ndarray]]


def search_cells(
    queries: np.ndarray,
    vectors: np.ndarray,
    k: int,
    take_nearest: TakeNearest,
    probed: int = PROBED,
    on_rows: Callable[[int], None] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """About the ``k`` nearest ``vectors`` (N, D) of each of ``queries`` (q, D), nearest first.

    Both float32, L2-normalised. The space is cut into sqrt(N) cells; a query is compared with the
    vectors in the ``probed`` cells nearest to its own, so the work grows with N^1.5 and not N^2.
    Near a corner of many cells a neighbour can be missed (measured: bench/LOG.md). Where fewer
    than ``k`` vectors lie there, the rest of the row is the last one found. Source: inverted file
    index (Jegou et al., "Product Quantization for Nearest Neighbor Search", 2011).
    """
    centres = _learn_centres(vectors)
    cell, asked = _assign(vectors, centres), _assign(queries, centres)
    members = np.split(np.argsort(cell, kind="stable"), np.cumsum(np.bincount(cell))[:-1])
    members += [np.empty(0, dtype=np.int64)] * (len(centres) - len(members))
    around = np.argsort(-(centres @ centres.T), axis=1)[:, :probed]
    rows = np.zeros((len(queries), k), dtype=np.int32)
    similarities = np.full((len(queries), k), -1.0, dtype=np.float32)
    for each in np.unique(asked):
        candidates = np.sort(np.concatenate([members[near] for near in around[each]]))
        mine = np.flatnonzero(asked == each)
        for start in range(0, len(mine), BLOCK_ROWS):
            block = mine[start : start + BLOCK_ROWS]
            places, values = take_nearest(queries[block] @ vectors[candidates].T, k)
            reach = min(k, len(candidates))
            rows[block, :reach], similarities[block, :reach] = candidates[places], values
            rows[block, reach:] = rows[block, reach - 1][:, None]
            if on_rows:
                on_rows(len(block))
    return rows, similarities


def _learn_centres(vectors: np.ndarray) -> np.ndarray:
    """(cells, D) float32 unit rows."""
    rng = np.random.default_rng(0)
    sample = vectors[rng.choice(len(vectors), min(SAMPLE, len(vectors)), replace=False)]
    cells = max(1, int(np.sqrt(len(vectors))))
    means = MiniBatchKMeans(cells, n_init=1, max_iter=10, batch_size=8192, random_state=0)
    centres = means.fit(sample).cluster_centers_.astype(np.float32)
    unit: np.ndarray = centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    return unit


def _assign(vectors: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """(n,) the nearest centre of each vector."""
    starts = range(0, len(vectors), BLOCK_ROWS)
    parts = [(vectors[start : start + BLOCK_ROWS] @ centres.T).argmax(axis=1) for start in starts]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
