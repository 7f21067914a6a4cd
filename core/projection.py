"""The style map: a projection of the embeddings onto a plane that keeps neighbours close."""

from __future__ import annotations

import warnings
from typing import Final

import numpy as np
from umap import UMAP

NEIGHBOURS: Final = 15  # the painting itself and its nearest 14
BLOCK_ROWS: Final = 8_192  # whose distances from the mean are held at once
LARGE: Final = 200_000  # rows; from here on UMAP takes half of its steps (bench/LOG.md)
LARGE_EPOCHS: Final = 100
MIN_DISTANCE: Final = 0.3  # of points: groups open up enough to be drawn around


def compute_map(
    embeddings: np.ndarray, neighbours: np.ndarray, similarities: np.ndarray, seed: int
) -> np.ndarray:
    """(N, 2) float32 positions; equal seeds give equal maps. Distances are not to scale.

    ``embeddings`` (N, D); ``neighbours`` and ``similarities`` (N, k), the nearest other rows and
    their cosines, nearest first. Fewer than four paintings are placed on a line. Source: McInnes et
    al., "UMAP" (2018); initialised with the principal components, as good as spectral
    initialisation and faster (Kobak and Linderman, Nature Biotechnology 2021).
    """
    count = len(embeddings)
    if count < 4:
        return np.stack([np.arange(count), np.zeros(count)], axis=1).astype(np.float32)
    others = min(NEIGHBOURS - 1, neighbours.shape[1], count - 2)
    near = np.column_stack([np.arange(count), neighbours[:, :others]])
    distances = np.column_stack([np.zeros(count), 1 - similarities[:, :others]]).clip(0)
    umap = UMAP(
        n_neighbors=others + 1,
        min_dist=MIN_DISTANCE,
        metric="cosine",
        init="pca",
        n_epochs=LARGE_EPOCHS if count >= LARGE else None,  # as many as UMAP holds right: 200
        precomputed_knn=(near, distances.astype(np.float32)),
        force_approximation_algorithm=True,  # use the given neighbours for small collections too
        random_state=seed,
        n_jobs=1,
    )
    with warnings.catch_warnings():  # new paintings are placed by their neighbours, not by UMAP
        warnings.filterwarnings("ignore", "precomputed_knn.* is not an NNDescent object")
        positions: np.ndarray = umap.fit_transform(find_leading(embeddings))
    return positions.astype(np.float32)


def find_leading(embeddings: np.ndarray) -> np.ndarray:
    """(N, 2) float32: the two leading principal components of ``embeddings`` (N, D).

    All that UMAP reads beside the neighbours. It would copy the embeddings thrice for them.
    """
    starts = range(0, len(embeddings), BLOCK_ROWS)
    mean = np.mean(embeddings, axis=0, dtype=np.float64)
    covariance = np.zeros((embeddings.shape[1],) * 2)
    for start in starts:
        rows = embeddings[start : start + BLOCK_ROWS] - mean
        covariance += rows.T @ rows
    axes = np.linalg.eigh(covariance)[1][:, : -min(2, len(covariance)) - 1 : -1]
    parts = [(embeddings[start : start + BLOCK_ROWS] - mean) @ axes for start in starts]
    return np.concatenate(parts).astype(np.float32)
