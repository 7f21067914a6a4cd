"""How many oeuvres speak against their labels by nature, and how many more of them do.

Artists differ: some oeuvres look unlike their labels though nothing is wrong. How many, is read off
the collection itself: the evidence of most oeuvres is about normal, so its upper quantiles tell how
many would lie beyond any value by nature (an empirical null; Efron, JASA 2004). What lies there
besides is likely to be filed wrongly: one less the false-discovery rate of the tail. A collection
without such oeuvres doubts few; the more there are, the sooner each is doubted.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.stats import norm

QUANTILES: Final = (0.7, 0.9)  # between them oeuvres are taken to differ by nature alone
LEAST_ARTISTS: Final = 20  # fewer tell nothing of how artists differ: so many usual ones stand in
USUAL: Final = (-0.5, 1.6)  # mean and standard deviation, of wikiart-mini in nats
LEAST_SPREAD: Final = 0.05
MOST_EXCESS: Final = 0.1  # of the artists: more are how artists are, not an excess
UNEXPLAINED: Final = 0.01  # oeuvres that lie beyond any value for reasons that no null foresees
_ROUNDS: Final = 4  # what the null is depends on how many lie beyond it, and the other way round


def doubt_by_excess(evidence: np.ndarray, artists: np.ndarray) -> np.ndarray:
    """(n,) 0 to 1: share of oeuvres with as much ``evidence`` (n,) that nature does not explain.

    One row a work: how strongly the artist's other works speak against their labels, in nats, high
    is suspicious. ``artists`` (n,) codes from 0 up; each counts once, by the mean of the rows. Of
    what lies beyond a value one standard error of chance is left to nature. Never falls as the
    evidence grows.
    """
    if not len(evidence):
        return np.zeros(0)
    _, place = np.unique(artists, return_inverse=True)
    ordered = np.sort(np.bincount(place, evidence) / np.bincount(place))
    start, *null = _fit_null(ordered)
    excess, by_nature = _count_beyond(evidence, ordered, *null)
    doubt = np.where(evidence > start, excess / (excess + by_nature + UNEXPLAINED), 0.0)
    order = np.argsort(evidence, kind="stable")
    doubt[order] = np.maximum.accumulate(doubt[order])
    return doubt


def _fit_null(ordered: np.ndarray) -> tuple[float, float, float, float]:
    """Where the null is no longer fitted, its mean and standard deviation, and the share beyond.

    ``ordered`` (A,): evidence of the artists, ascending.
    """
    reach = norm.ppf(QUANTILES)
    share, (middle, spread) = 0.0, USUAL
    if len(ordered) < LEAST_ARTISTS:
        return middle + spread * reach[0], middle, spread, share
    for _ in range(_ROUNDS):
        low, high = np.quantile(ordered, np.multiply(QUANTILES, 1 - share))
        spread = max((high - low) / (reach[1] - reach[0]), LEAST_SPREAD)
        middle = low - spread * reach[0]
        excess, _ = _count_beyond(ordered[ordered > high], ordered, middle, spread, share)
        share = min(float(excess.max(initial=0.0)) / len(ordered), MOST_EXCESS)
    return float(low), float(middle), float(spread), share


def _count_beyond(
    evidence: np.ndarray, ordered: np.ndarray, middle: float, spread: float, share: float
) -> tuple[np.ndarray, np.ndarray]:
    """(n,) oeuvres with as much ``evidence`` (n,) beyond those there by nature and a standard error
    of them, and (n,) how many are there by nature.
    """
    count = max(len(ordered), LEAST_ARTISTS)
    by_nature = count * (1 - share) * norm.sf((evidence - middle) / spread)
    there = len(ordered) - np.searchsorted(ordered, evidence, side="left")
    return (there - by_nature - np.sqrt(by_nature)).clip(0), by_nature
