"""Nearest paintings in very large collections: searches only the cells around a query."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from threadpoolctl import threadpool_limits

SAMPLE: Final = 100_000  # rows from which cells and directions are learned
CELLS: Final = 4  # times the root of the number of vectors
PROBED: Final = 256  # cells searched around each cell
DIRECTIONS: Final = 128  # in which a shortlist is drawn up
SHORTLIST: Final = 4  # times as many as are asked for, which are then compared in full
BLOCK_ROWS: Final = 64  # few: what is compared at once should not be allotted anew each time
ASSIGN_ROWS: Final = 1024

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

    Both float32, L2-normalised. The space is cut into ``CELLS`` x sqrt(N) cells; a query is
    compared with the vectors in the ``probed`` cells nearest to its own, so the work grows with
    N^1.5 and not N^2: in the leading directions first, and in full with the likeliest of them. Near
    a corner of many cells a neighbour can be missed (measured: bench/LOG.md). Where fewer than
    ``k`` vectors lie there, the rest of the row is the last one found. Cells are searched beside
    each other, one thread each. Source: inverted file index (Jegou et al., "Product Quantization
    for Nearest Neighbor Search", 2011).
    """
    threads = os.cpu_count() or 1
    with threadpool_limits(1), ThreadPoolExecutor(threads) as pool:  # threads of theirs would spin
        search = _Search.over(queries, vectors, k, take_nearest, probed, pool)
        for done in pool.map(search.search_cell, np.unique(search.asked)):
            if on_rows:
                on_rows(done)
    return search.rows, search.similarities


def count_compared(vectors: int, width: int) -> float:
    """About how many whole vectors of ``width`` a query is compared with among ``vectors``.

    Those in the cells around it, in the leading directions alone; the shortlist is little beside
    them.
    """
    cells = CELLS * float(np.sqrt(vectors))
    return vectors * min(1.0, PROBED / cells) * min(1.0, DIRECTIONS / width)


@dataclass(frozen=True)
class _Search:
    """``small_queries`` and ``small_vectors``: in the leading directions. ``members``: rows of
    vectors in each cell. ``around`` (cells, probed): the cells near each. ``asked`` (q,): the cell
    of each query. ``rows`` and ``similarities`` (q, k) are filled cell by cell.
    """

    queries: np.ndarray
    vectors: np.ndarray
    small_queries: np.ndarray
    small_vectors: np.ndarray
    members: list[np.ndarray]
    around: np.ndarray
    asked: np.ndarray
    take_nearest: TakeNearest
    rows: np.ndarray
    similarities: np.ndarray

    @classmethod
    def over(
        cls,
        queries: np.ndarray,
        vectors: np.ndarray,
        k: int,
        take_nearest: TakeNearest,
        probed: int,
        pool: ThreadPoolExecutor,
    ) -> _Search:
        rng = np.random.default_rng(0)
        sample = vectors[rng.choice(len(vectors), min(SAMPLE, len(vectors)), replace=False)]
        directions = _lead(sample)
        small = vectors @ directions
        asking = small if queries is vectors else queries @ directions
        centres = _learn_centres(sample @ directions, max(1, int(CELLS * np.sqrt(len(vectors)))))
        cell = _assign(small, centres, pool)
        edges = np.cumsum(np.bincount(cell, minlength=len(centres)))[:-1]
        return cls(
            queries,
            vectors,
            asking,
            small,
            np.split(np.argsort(cell, kind="stable"), edges),
            np.argsort(-(centres @ centres.T), axis=1)[:, :probed],
            cell if queries is vectors else _assign(asking, centres, pool),
            take_nearest,
            np.zeros((len(queries), k), dtype=np.int32),
            np.full((len(queries), k), -1.0, dtype=np.float32),
        )

    def search_cell(self, number: int) -> int:
        """Answers the queries of cell ``number``; returns how many they are."""
        candidates = np.sort(np.concatenate([self.members[near] for near in self.around[number]]))
        mine = np.flatnonzero(self.asked == number)
        if not (k := min(self.rows.shape[1], len(candidates))):
            return len(mine)
        small = self.small_vectors[candidates].T
        for start in range(0, len(mine), BLOCK_ROWS):
            block = mine[start : start + BLOCK_ROWS]
            likely = min(SHORTLIST * k, len(candidates))
            places, _ = self.take_nearest(self.small_queries[block] @ small, likely)
            chosen = candidates[np.sort(places, axis=1)]  # ties fall to the lower row
            values = np.matmul(self.vectors[chosen], self.queries[block][:, :, None])[:, :, 0]
            places, self.similarities[block, :k] = self.take_nearest(values, k)
            self.rows[block, :k] = np.take_along_axis(chosen, places, axis=1)
            self.rows[block, k:] = self.rows[block, k - 1][:, None]
        return len(mine)


def _lead(sample: np.ndarray) -> np.ndarray:
    """(D, d) float32: the orthonormal directions in which most of the rows' products lie."""
    _, axes = np.linalg.eigh(sample.T @ sample)
    return np.ascontiguousarray(axes[:, -DIRECTIONS:], dtype=np.float32)


def _learn_centres(sample: np.ndarray, cells: int) -> np.ndarray:
    """(cells, d) float32 unit rows."""
    means = MiniBatchKMeans(
        min(cells, len(sample)),
        init="random",  # choosing thousands far apart takes longer than all the rest
        n_init=1,
        max_iter=5,
        batch_size=8192,
        random_state=0,
    )
    centres = means.fit(sample).cluster_centers_.astype(np.float32)
    unit: np.ndarray = centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    return unit


def _assign(vectors: np.ndarray, centres: np.ndarray, pool: ThreadPoolExecutor) -> np.ndarray:
    """(n,) the nearest centre of each vector."""

    def choose(start: int) -> np.ndarray:
        nearest: np.ndarray = (vectors[start : start + ASSIGN_ROWS] @ centres.T).argmax(axis=1)
        return nearest

    parts = list(pool.map(choose, range(0, len(vectors), ASSIGN_ROWS)))
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
