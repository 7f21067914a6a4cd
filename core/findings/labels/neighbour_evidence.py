"""The labels of the nearest paintings that a fold's own model learned from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.findings.evidence import FoldView
from core.findings.neighbours import find_nearest
from core.findings.oeuvre.other_works import part_unknown
from core.findings.several import put_together

NEIGHBOURS: Final = 20
CANDIDATES: Final = 60  # searched, to leave enough once the artist's own works are excluded
PRIOR_NEIGHBOURS: Final = 2.0


@dataclass(frozen=True)
class NeighbourEvidence:
    """Of each painting's ``NEIGHBOURS`` nearest labelled training-side paintings.

    ``shares`` (N, K): share with each style, 0 to 1; a work of several styles counts under each.
    ``artists`` (N,): how many artists painted them. ``counts_by_others`` (N, K): counts of each
    style among the nearest by other artists. Zero where no fold held the painting out. ``rows``
    (N, ``NEIGHBOURS``) int32: which paintings the shares count, nearest first; -1 from where there
    are no more.
    """

    shares: np.ndarray
    artists: np.ndarray
    counts_by_others: np.ndarray
    rows: np.ndarray


def compute_neighbour_evidence(
    folds: tuple[FoldView, ...],
    labels: np.ndarray,
    artists: np.ndarray,
    duplicates: np.ndarray,
    classes: int,
    on_rows: Callable[[int], None] | None = None,
    further: np.ndarray | None = None,
) -> NeighbourEvidence:
    """Finds each held-out painting's nearest neighbours in its own fold's training side.

    ``labels`` (N,) with -1 for none, ``artists`` (N,) with -1 for unknown (each counted alone),
    ``duplicates`` (N,) group ids, ``further`` (N, m) the other labels of works of several. Source:
    k-nearest-neighbour label noise detection (Bahri et al., "Deep k-NN for Noisy Labels", ICML
    2020), within a fold, so that embedding spaces never mix.
    """
    count = len(labels)
    found = NeighbourEvidence(
        np.zeros((count, classes)),
        np.zeros(count, dtype=np.int32),
        np.zeros((count, classes)),
        np.full((count, NEIGHBOURS), -1, dtype=np.int32),
    )
    artist_ids, every = part_unknown(artists), put_together(labels, further)
    for fold in folds:
        labelled = labels[fold.training] >= 0
        training = fold.training[labelled]
        if len(training) == 0 or len(fold.held_out) == 0:
            continue
        places, _ = find_nearest(
            fold.held_out_embeddings, fold.training_embeddings[labelled], CANDIDATES, on_rows
        )
        _tally(found, fold.held_out, training[places], every, artist_ids, duplicates)
    return found


def compute_neighbour_odds(counts_by_others: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """(N, K) log odds of each style among the nearest works by others, 0 where there are none.

    ``counts_by_others`` (N, K) counts, ``prior`` (K,) shares of the collection.
    """
    totals = counts_by_others.sum(axis=1, keepdims=True)
    shares = (counts_by_others + PRIOR_NEIGHBOURS * prior) / (totals + PRIOR_NEIGHBOURS)
    odds: np.ndarray = np.log(shares / prior)
    return odds


def _tally(
    found: NeighbourEvidence,
    rows: np.ndarray,
    near: np.ndarray,
    every: np.ndarray,
    artist_ids: np.ndarray,
    duplicates: np.ndarray,
) -> None:
    """Fills ``found`` at ``rows`` (h,) from training rows ``near`` (h, c), nearest first."""
    others = duplicates[near] != duplicates[rows][:, None]
    first = _take_first(others)
    works = first.sum(axis=1, keepdims=True)
    classes = found.shares.shape[1]
    found.shares[rows] = _count_styles(every[near], first, classes) / np.maximum(works, 1)
    strange = others & (artist_ids[near] != artist_ids[rows][:, None])
    found.counts_by_others[rows] = _count_styles(every[near], _take_first(strange), classes)
    held_out, places = np.nonzero(first)
    found.rows[rows[held_out], np.cumsum(first, axis=1)[first] - 1] = near[held_out, places]
    found.artists[rows] = _count_distinct(np.where(first, artist_ids[near], -1))


def _take_first(allowed: np.ndarray) -> np.ndarray:
    """(h, c) bool: the first ``NEIGHBOURS`` of each row that are allowed."""
    first: np.ndarray = allowed & (np.cumsum(allowed, axis=1) <= NEIGHBOURS)
    return first


def _count_styles(labels: np.ndarray, counted: np.ndarray, classes: int) -> np.ndarray:
    """(h, K) how many of the ``counted`` (h, c) works have each style; ``labels`` (h, c, m)."""
    rows = np.broadcast_to(np.arange(len(labels))[:, None, None], labels.shape)
    place = (rows * classes + labels)[counted[:, :, None] & (labels >= 0)]
    return np.bincount(place, minlength=len(labels) * classes).reshape(len(labels), classes)


def _count_distinct(artist_ids: np.ndarray) -> np.ndarray:
    """(h,) how many different values above -1 each row holds."""
    ordered = np.sort(artist_ids, axis=1)
    new = np.diff(ordered, axis=1, prepend=-1) != 0
    distinct: np.ndarray = (new & (ordered >= 0)).sum(axis=1)
    return distinct
