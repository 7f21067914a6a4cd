"""What an artist's other works say about a label: they carry it, or they don't."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.collection.reading.attribution import find_makers
from core.findings.several import list_entries, mark_labels

NO_ARTIST: Final = -1
PRIOR_WORKS: Final = 1.0  # imagined works spread like the whole collection: see bench/LOG.md


@dataclass(frozen=True)
class Oeuvre:
    """The artist's other works of each painting, its near-duplicates left out.

    ``works`` (N,): how many are labelled. ``labelled`` (N, K): how many carry each style; a work of
    several counts under each.
    ``seen`` (N, K): the sum of their out-of-fold probabilities.
    All zero where the artist is unknown or left nothing else. ``prior`` (K,): share of each style
    among all labelled paintings, which stands in for works that are not there.
    """

    works: np.ndarray
    labelled: np.ndarray
    seen: np.ndarray
    prior: np.ndarray


def code_artists(artists: pd.Series) -> np.ndarray:
    """(N,) int64: one number an artist, -1 for works that are not by a person without reserve."""
    return pd.factorize(find_makers(artists))[0].astype(np.int64)


def part_unknown(artists: np.ndarray, pictures: np.ndarray | None = None) -> np.ndarray:
    """(N,) codes in which every unknown artist is a person of their own, and -1 is nobody.

    ``artists`` as ``code_artists``: many hands share -1. ``pictures`` (N,) ids from 0 up: unknown
    artists of one picture are one person; without, each painting has its own.
    """
    own = np.arange(len(artists)) if pictures is None else pictures
    return np.where(artists >= 0, artists, artists.max(initial=-1) + 1 + own)


def iterate_oeuvres(artists: np.ndarray) -> Iterator[np.ndarray]:
    """Rows of each artist with two works or more, ascending. ``artists`` as ``code_artists``."""
    order = np.argsort(artists, kind="stable")
    order = order[artists[order] >= 0]
    starts = np.flatnonzero(np.diff(artists[order], prepend=-1))
    for rows in np.split(order, starts[1:]):
        if len(rows) > 1:
            yield rows


def sum_others(values: np.ndarray, owners: np.ndarray, duplicates: np.ndarray) -> np.ndarray:
    """(N, C) float64: sums of ``values`` (N, C) over the other works of each work's owner.

    ``owners`` (N,) ids, -1 for nobody, whose works have no others; a work and its near-duplicates
    (equal ``duplicates``, (N,)) are not others of each other.
    """
    sums = np.zeros(values.shape)
    rows = np.flatnonzero(owners >= 0)
    owner = owners[rows]
    picture = np.unique(duplicates[rows], return_inverse=True)[1]
    own = np.unique(owner * (picture.max(initial=0) + 1) + picture, return_inverse=True)[1]
    for column, each in enumerate(values[rows].T):
        sums[rows, column] = np.bincount(owner, each)[owner] - np.bincount(own, each)[own]
    return sums


def tally_oeuvre(
    labels: np.ndarray,
    probabilities: np.ndarray,
    artists: np.ndarray,
    duplicates: np.ndarray,
    further: np.ndarray | None = None,
) -> Oeuvre:
    """Counts the artist's other works: by their labels, and by what the folds saw in them.

    ``labels`` (N,) with -1 for none, ``probabilities`` (N, K) out of fold with zero rows where
    not scored, ``artists`` as ``code_artists``, ``duplicates`` (N,) group ids, ``further`` (N, m)
    the other labels of works of several.
    """
    classes = probabilities.shape[1]
    works = sum_others((labels >= 0)[:, None], artists, duplicates)[:, 0]
    labelled = sum_others(mark_labels(labels, further, classes), artists, duplicates)
    seen = sum_others(probabilities, artists, duplicates).clip(0)
    prior = compute_prior(list_entries(labels, further)[1], classes)
    return Oeuvre(works, labelled, seen, prior)


def smooth_shares(
    counts: np.ndarray,
    prior: np.ndarray,
    weight: float = PRIOR_WORKS,
    works: np.ndarray | None = None,
) -> np.ndarray:
    """(N, K) shares: ``counts`` (N, K) with ``weight`` works of ``prior`` added.

    With no works the share is the prior; the more works, the less it counts (additive smoothing).
    Rows sum to 1, unless ``works`` (N,) were counted under several labels.
    """
    totals = counts.sum(axis=1, keepdims=True) if works is None else works[:, None]
    shares: np.ndarray = (counts + weight * prior) / (totals + weight)
    return shares


def compute_prior(labels: np.ndarray, classes: int) -> np.ndarray:
    """(K,) share of each style among the labelled paintings, none of them zero."""
    counts = np.bincount(labels[labels >= 0], minlength=classes) + 0.5
    prior: np.ndarray = counts / counts.sum()
    return prior


def compute_oeuvre_years(
    asked: np.ndarray,
    labels: np.ndarray,
    years: np.ndarray,
    artists: np.ndarray,
    duplicates: np.ndarray,
) -> np.ndarray:
    """(N, 2): first and last year of the artist's other dated works labelled ``asked``.

    NaN without such works. ``asked`` and ``labels`` (N,) styles, -1 for none; ``years`` (N,) float
    with NaN.
    """
    spans = np.full((len(labels), 2), np.nan)
    classes = int(max(labels.max(initial=-1), asked.max(initial=-1))) + 1
    dated = np.flatnonzero((artists >= 0) & (labels >= 0) & ~np.isnan(years))
    asking = np.flatnonzero((artists >= 0) & (asked >= 0))
    if len(dated) == 0:
        return spans
    kind = artists[dated] * classes + labels[dated]
    wanted = artists[asking] * classes + asked[asking]
    for column, sign in enumerate((1, -1)):
        spans[asking, column] = sign * _find_first(
            kind, sign * years[dated], duplicates[dated], wanted, duplicates[asking]
        )
    return spans


def _find_first(
    kinds: np.ndarray,
    years: np.ndarray,
    pictures: np.ndarray,
    wanted: np.ndarray,
    own: np.ndarray,
) -> np.ndarray:
    """(q,) the lowest of ``years`` (n,) of works of the ``wanted`` (q,) kind that show another
    picture than ``own`` (q,); NaN without one. ``kinds`` and ``pictures`` (n,) of the works.
    """
    order = np.lexsort((years, kinds))
    years, pictures = years[order], pictures[order]
    listed, first, place = np.unique(kinds[order], return_index=True, return_inverse=True)
    other = np.flatnonzero(pictures != pictures[first][place])
    next_year = np.full(len(listed), np.nan)  # by another picture than the first year's
    has_next, at = np.unique(place[other], return_index=True)
    next_year[has_next] = years[other[at]]
    at = np.searchsorted(listed, wanted).clip(max=len(listed) - 1)
    found = np.where(pictures[first][at] != own, years[first][at], next_year[at])
    return np.where(listed[at] == wanted, found, np.nan)


def count_fellows(
    away: np.ndarray, labels: np.ndarray, artists: np.ndarray, duplicates: np.ndarray
) -> np.ndarray:
    """(N, 2) int64: the artist's other works with the same label that are judged, and those away.

    ``away`` (N,) 1 where a painting is seen in another style than its label, 0 where not, NaN where
    not judged. Copies of the painting are not other works; copies of another count once each.
    """
    kind = np.where(
        (artists >= 0) & (labels >= 0), artists * (labels.max(initial=0) + 1) + labels, -1
    )
    told = np.stack([~np.isnan(away), away == 1], axis=1)
    return sum_others(told, kind, duplicates).astype(np.int64)
