"""Nearest paintings by cosine similarity, in blocks that bound memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

BLOCK_ROWS: Final = 512
CHUNKS: Final = (64, 32, 16, 8)  # columns represented by their maximum
INDEX_FROM: Final = 100_000  # rows; above this, comparing every pair takes long (bench/LOG.md)


def find_neighbours(
    embeddings: np.ndarray, k: int, on_rows: Callable[[int], None] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The ``k`` nearest other rows of each row, nearest first.

    ``embeddings`` (N, D), L2-normalised. Returns rows (N, k) int32 and cosine similarities (N, k)
    float32, -1 to 1. ``k`` is cut to N - 1. Of equals the lower row comes first; more of them than
    there are places for are not all found, and which are is left open.
    """
    vectors = np.ascontiguousarray(embeddings, dtype=np.float32)
    return _search(vectors, vectors, min(k, len(vectors) - 1), True, on_rows)


def find_nearest(
    queries: np.ndarray,
    embeddings: np.ndarray,
    k: int,
    on_rows: Callable[[int], None] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """The ``k`` rows of ``embeddings`` (N, D) nearest to each of ``queries`` (q, D), nearest first.

    Both L2-normalised. Returns rows (q, k) int32 and similarities (q, k) float32; ``k`` is cut
    to N. Equals as in ``find_neighbours``.
    """
    vectors = np.ascontiguousarray(embeddings, dtype=np.float32)
    asked = np.ascontiguousarray(queries, dtype=np.float32)
    return _search(asked, vectors, min(k, len(vectors)), False, on_rows)


def even_out(features: np.ndarray) -> np.ndarray:
    """(N, C) float32 unit rows of ``features`` (N, C) whose channels all count alike."""
    vectors = features.astype(np.float32)  # the one copy: a million take 5 GB
    vectors -= vectors.mean(axis=0)
    spread = np.sqrt(np.einsum("nc,nc->c", vectors, vectors) / max(len(vectors), 1))
    vectors /= np.where(spread > 0, spread, 1)
    vectors /= np.maximum(np.sqrt(np.einsum("nc,nc->n", vectors, vectors)), 1e-6)[:, None]
    return vectors


def _search(
    queries: np.ndarray,
    vectors: np.ndarray,
    k: int,
    leave_self_out: bool,
    on_rows: Callable[[int], None] | None,
) -> tuple[np.ndarray, np.ndarray]:
    if len(vectors) >= INDEX_FROM:
        return _search_index(queries, vectors, k, leave_self_out, on_rows)
    rows = np.empty((len(queries), k), dtype=np.int32)
    similarities = np.empty((len(queries), k), dtype=np.float32)
    for start in range(0, len(queries), BLOCK_ROWS):
        stop = min(start + BLOCK_ROWS, len(queries))
        block = queries[start:stop] @ vectors.T
        if leave_self_out:
            block[np.arange(stop - start), np.arange(start, stop)] = -np.inf
        rows[start:stop], similarities[start:stop] = take_nearest(block, k)
        if on_rows:
            on_rows(stop - start)
    return rows, similarities


def _search_index(
    queries: np.ndarray,
    vectors: np.ndarray,
    k: int,
    leave_self_out: bool,
    on_rows: Callable[[int], None] | None,
) -> tuple[np.ndarray, np.ndarray]:
    """As ``_search``, nearly: in cells. Asks for one more, since the row itself is among them."""
    from core.findings.cells import search_cells  # scikit-learn, which the dashboard lacks

    if not leave_self_out:
        return search_cells(queries, vectors, k, take_nearest, on_rows=on_rows)
    rows, similarities = search_cells(queries, vectors, k + 1, take_nearest, on_rows=on_rows)
    is_self = rows == np.arange(len(rows))[:, None]
    is_self[~is_self.any(axis=1), k] = True  # not among them: the last goes
    is_self &= np.cumsum(is_self, axis=1) == 1
    kept = ~is_self
    return rows[kept].reshape(len(rows), k), similarities[kept].reshape(len(rows), k)


def take_nearest(similarities: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Columns and values of the ``k`` highest entries of each row of (n, N), highest first."""
    width = similarities.shape[1]
    chunk = next((each for each in CHUNKS if width >= k * each**2), CHUNKS[-1])
    if width < 4 * k * chunk:
        return _take_highest(similarities, k)
    # The k highest entries lie within the k chunks of the highest maxima: the rest is not sorted.
    chunks = width // chunk
    whole = similarities[:, : chunks * chunk]
    maxima = whole.reshape(len(whole), chunks, chunk).max(axis=2)
    best, _ = _take_highest(maxima, k)
    best.sort(axis=1)
    columns = (best[:, :, None].astype(np.int64) * chunk + np.arange(chunk)).reshape(len(best), -1)
    tail = np.arange(chunks * chunk, width)
    columns = np.concatenate([columns, np.broadcast_to(tail, (len(columns), len(tail)))], axis=1)
    places, values = _take_highest(np.take_along_axis(similarities, columns, axis=1), k)
    return np.take_along_axis(columns, places, axis=1).astype(np.int32), values


def _take_highest(values: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    candidates = np.argpartition(-values, min(k, values.shape[1] - 1), axis=1)[:, :k]
    candidates.sort(axis=1)
    taken = np.take_along_axis(values, candidates, axis=1)
    order = np.argsort(-taken, axis=1, kind="stable")
    return (
        np.take_along_axis(candidates, order, axis=1).astype(np.int32),
        np.take_along_axis(taken, order, axis=1),
    )
