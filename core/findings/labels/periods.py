"""When each style was painted in this collection, and what a year says about a label."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.findings.oeuvre.other_works import iterate_oeuvres, part_unknown

SPREAD_YEARS: Final = 12.0  # a work dated this far away counts half
PRIOR_WORKS: Final = 3.0  # imagined works of any year, spread like all dated works
ROWS_AT_ONCE: Final = 2048


def compute_period_odds(
    years: np.ndarray, labels: np.ndarray, artists: np.ndarray, duplicates: np.ndarray, classes: int
) -> np.ndarray:
    """(N, K) log of how much likelier a style is in a painting's year than in any year.

    0 says nothing (an undated painting, or no other dated work); above 0 the style is more common
    around that year. Works of other artists only, weighted by a Cauchy kernel in years, whose long
    tail keeps a single misdated work harmless; so an oeuvre under a wrong label does not vouch
    for itself. ``years`` (N,) float with NaN, ``labels`` (N,) with -1, ``artists`` with -1 for
    unknown, ``duplicates`` (N,) group ids.
    """
    odds = np.zeros((len(years), classes))
    dated = np.flatnonzero(~np.isnan(years) & (labels >= 0))
    if len(dated) == 0:
        return odds
    marked = np.zeros((len(years), classes))
    marked[dated, labels[dated]] = 1
    asked = np.flatnonzero(~np.isnan(years))
    weights = _sum_by_year(years, asked, dated, marked)
    hands = part_unknown(artists, duplicates)
    for rows in iterate_oeuvres(hands):
        rows = rows[~np.isnan(years[rows])]
        for start in range(0, len(rows), ROWS_AT_ONCE):
            block = rows[start : start + ROWS_AT_ONCE]
            weights[block] -= _kernel(years[block][:, None] - years[rows]) @ marked[rows]
    alone = np.bincount(hands)[hands] == 1
    weights[alone] -= marked[alone]  # a work never vouches for itself
    weights = np.maximum(weights[asked], 0)
    prior = marked.sum(axis=0) + 0.5
    prior /= prior.sum()
    share = (weights + PRIOR_WORKS * prior) / (weights.sum(axis=1, keepdims=True) + PRIOR_WORKS)
    odds[asked] = np.log(share / prior)
    return odds


def _kernel(apart: np.ndarray) -> np.ndarray:
    weight: np.ndarray = 1 / (1 + (apart / SPREAD_YEARS) ** 2)
    return weight


def _sum_by_year(
    years: np.ndarray, asked: np.ndarray, dated: np.ndarray, marked: np.ndarray
) -> np.ndarray:
    """(N, K) kernel weight of all dated works of each style around each painting's year."""
    listed, place = np.unique(years[asked], return_inverse=True)
    known, at = np.unique(years[dated], return_inverse=True)
    counts = np.zeros((len(known), marked.shape[1]))
    np.add.at(counts, at, marked[dated])
    sums = np.zeros_like(marked)
    sums[asked] = (_kernel(listed[:, None] - known) @ counts)[place]
    return sums
