"""Where a picture lies among the paintings of a run: its neighbours, its place on the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.findings.neighbours import take_nearest

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
    similarity = embeddings @ embedding
    neighbours, similarities = take_nearest(similarity[None], min(k, len(embeddings)))
    weights = np.exp((similarities[0] - similarities[0].max()) / POSITION_TEMPERATURE)
    position = (positions[neighbours[0]] * weights[:, None]).sum(axis=0) / weights.sum()
    return Placement(neighbours[0], similarities[0], np.asarray(position))
