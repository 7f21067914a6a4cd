"""The style map: embeddings laid out on a plane so that near stays near."""

from __future__ import annotations

from typing import Final

import numpy as np
from sklearn.decomposition import PCA
from umap import UMAP

COMPONENTS: Final = 50  # PCA first: half the time and the memory, the same picture
NEIGHBOURS: Final = 15
MIN_DISTANCE: Final = 0.3  # of points: groups open up enough to be drawn around


def compute_map(embeddings: np.ndarray, seed: int) -> np.ndarray:
    """(N, 2) float32 positions; equal seeds give equal maps. Distances are not to scale.

    ``embeddings`` (N, D). Fewer than four paintings have no map worth the name: they get a line.
    Source: McInnes et al., "UMAP" (2018), cosine metric.
    """
    count, width = embeddings.shape
    if count < 4:
        return np.stack([np.arange(count), np.zeros(count)], axis=1).astype(np.float32)
    components = min(COMPONENTS, width, count)
    reduced = PCA(components, random_state=seed).fit_transform(embeddings.astype(np.float32))
    umap = UMAP(
        n_neighbors=min(NEIGHBOURS, count - 1),
        min_dist=MIN_DISTANCE,
        metric="cosine",
        init="random" if count <= 10 else "spectral",
        random_state=seed,
        n_jobs=1,
    )
    positions: np.ndarray = umap.fit_transform(reduced)
    return positions.astype(np.float32)
