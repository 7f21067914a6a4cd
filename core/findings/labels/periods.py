"""When each style was painted in this collection, and what a year implies for a label."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.findings.oeuvre.other_works import iterate_oeuvres, part_unknown

SPREAD_YEARS: Final = 12.0  # a work dated this far away counts half
PRIOR_WORKS: Final = 3.0  # pseudo-works of any year, distributed like all dated works


def compute_period_odds(
    years: np.ndarray, labels: np.ndarray, artists: np.ndarray, duplicates: np.ndarray, classes: int
) -> np.ndarray:
    """(N, K) log of how much more likely a style is in a painting's year than in any year.

    0 is no evidence (an undated painting, or no other dated work); above 0 the style is more common
    around that year. Works of other artists only, weighted by a Cauchy kernel in years, whose long
    tail limits the effect of one misdated work. An oeuvre under a wrong label thus does not support
    itself. ``years`` (N,) float with NaN, ``labels`` (N,) with -1, ``artists`` with -1 for unknown,
    ``duplicates`` (N,) group ids.
    """
    odds = np.zeros((len(years), classes))
    dated = np.flatnonzero(~np.isnan(years) & (labels >= 0))
    if len(dated) == 0:
        return odds
    one_hot = np.zeros((len(years), classes))
    one_hot[dated, labels[dated]] = 1
    asked = np.flatnonzero(~np.isnan(years))
    weights = _sum_by_year(years, asked, dated, one_hot)
    artist_ids = part_unknown(artists, duplicates)
    for rows in iterate_oeuvres(artist_ids):
        if len(rows := rows[~np.isnan(years[rows])]):
            every = np.arange(len(rows))
            weights[rows] -= _sum_by_year(years[rows], every, every, one_hot[rows])
    alone = np.bincount(artist_ids)[artist_ids] == 1
    weights[alone] -= one_hot[alone]  # a work never supports its own label
    weights = np.maximum(weights[asked], 0)
    prior = one_hot.sum(axis=0) + 0.5
    prior /= prior.sum()
    share = (weights + PRIOR_WORKS * prior) / (weights.sum(axis=1, keepdims=True) + PRIOR_WORKS)
    odds[asked] = np.log(share / prior)
    return odds


def _kernel(apart: np.ndarray) -> np.ndarray:
    weight: np.ndarray = 1 / (1 + (apart / SPREAD_YEARS) ** 2)
    return weight


def _sum_by_year(
    years: np.ndarray, asked: np.ndarray, dated: np.ndarray, one_hot: np.ndarray
) -> np.ndarray:
    """(N, K) kernel weight of all dated works of each style around each painting's year."""
    listed, place = np.unique(years[asked], return_inverse=True)
    known, at = np.unique(years[dated], return_inverse=True)
    counts = np.zeros((len(known), one_hot.shape[1]))
    np.add.at(counts, at, one_hot[dated])
    sums = np.zeros_like(one_hot)
    sums[asked] = (_kernel(listed[:, None] - known) @ counts)[place]
    return sums
