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
ROWS_AT_ONCE: Final = 2048


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


def iterate_others(
    artists: np.ndarray, duplicates: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Blocks of an oeuvre: rows (b,), all rows of that artist (n,), and which are others (b, n).

    A painting and its near-duplicates (equal ``duplicates``) are not others of each other.
    """
    for rows in iterate_oeuvres(artists):
        for start in range(0, len(rows), ROWS_AT_ONCE):
            block = rows[start : start + ROWS_AT_ONCE]
            yield block, rows, duplicates[block][:, None] != duplicates[rows][None, :]


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
    count, classes = probabilities.shape
    marked = mark_labels(labels, further, classes).astype(np.float32)
    works = np.zeros(count)
    labelled, seen = np.zeros((count, classes)), np.zeros((count, classes))
    for block, rows, others in iterate_others(artists, duplicates):
        weights = others.astype(np.float32)
        works[block] = weights @ (labels[rows] >= 0)
        labelled[block] = weights @ marked[rows]
        seen[block] = weights @ probabilities[rows].astype(np.float32)
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
    for block, rows, others in iterate_others(artists, duplicates):
        same = others & (asked[block][:, None] == labels[rows][None, :])
        same &= ~np.isnan(years[rows])[None, :] & (asked[block] >= 0)[:, None]
        has = same.any(axis=1)
        dated = np.where(same, years[rows][None, :], np.nan)[has]
        if has.any():
            spans[block[has]] = np.stack([np.nanmin(dated, 1), np.nanmax(dated, 1)], axis=1)
    return spans


def count_fellows(
    away: np.ndarray, labels: np.ndarray, artists: np.ndarray, duplicates: np.ndarray
) -> np.ndarray:
    """(N, 2) int64: the artist's other works with the same label that are judged, and those away.

    ``away`` (N,) 1 where a painting is seen in another style than its label, 0 where not, NaN where
    not judged. Copies of the painting are not other works; copies of another count once each.
    """
    counts = np.zeros((len(labels), 2), dtype=np.int64)
    judged = ~np.isnan(away)
    for block, rows, others in iterate_others(artists, duplicates):
        same = others & (labels[block][:, None] == labels[rows][None, :]) & judged[rows][None, :]
        same &= (labels[block] >= 0)[:, None]
        counts[block] = np.stack([same.sum(axis=1), (same & (away[rows] == 1)).sum(axis=1)], axis=1)
    return counts
