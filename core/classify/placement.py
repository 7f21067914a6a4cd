"""Where a picture lies among the paintings of a run: its neighbours, its place on the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.classify.neighbour_index import NeighbourIndex

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
    embedding: np.ndarray, index: NeighbourIndex, positions: np.ndarray, k: int
) -> Placement:
    """Places ``embedding`` (D,) among the N paintings of ``index``, at ``positions`` (N, 2).

    It is L2-normalised. ``k`` is cut to N. The same picture always gets the same place, which
    UMAP's own transform does not guarantee.
    """
    neighbours, similarities = index.search(embedding, k)
    weights = np.exp((similarities - similarities.max()) / POSITION_TEMPERATURE)
    position = (positions[neighbours] * weights[:, None]).sum(axis=0) / weights.sum()
    return Placement(neighbours, similarities, np.asarray(position))
