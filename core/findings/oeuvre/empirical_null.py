"""Which artists stand out from how artists differ by nature, by how far their labels lie behind.

Each artist has a mean of its own around what is usual for its labels (a random effect), and works
scatter around it. How much artists differ is read off the artists themselves (an empirical null;
Efron, JASA 2004), by a median in place of the mean of Paule & Mandel's estimate (J. Res. NBS 1982),
so that the few who are filed wrongly do not widen what they are measured against. Only the artists
above the middle are asked: a model that knows most oeuvres well makes the other side narrow.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import chi2
from scipy.stats import t as student

USUAL_WORKS: Final = 10.0  # imagined works at the mean of all styles, in each style
EFFICIENCY: Final = 0.37  # of a median of absolute deviations, against the standard deviation
MOST_FREEDOM: Final = 30.0  # of however many artists: nature's extremes exceed the normal ones
_ROUNDS: Final = 3  # what is usual depends on how artists differ, and the other way round
_LEAST: Final = 1e-6  # variance of works by one hand, where all lags are the same
_MIDDLE: Final = float(chi2.median(1))


def compute_chances(
    lags: np.ndarray,
    labels: np.ndarray,
    artists: np.ndarray,
    min_works: int,
    parts: np.ndarray | None = None,
) -> pd.Series:
    """p-values, 0 to 1, that an artist's labels lie so far behind by nature; index: artist's code.

    ``lags`` (n,) of works, log odds, high is suspicious; ``labels`` (n,) from 0 up; ``artists``
    (n,) codes, of unknown hands each a negative one of its own; ``parts`` (n,) how much of a work
    each is, all of one where not given. One entry an artist with
    ``min_works`` works or more. The distribution is Student's, with as many degrees of freedom as
    the estimate of how artists differ has, ``MOST_FREEDOM`` at most: few artists prove little.
    """
    cells, within = _gather(lags, labels, artists, np.ones(len(lags)) if parts is None else parts)
    between = within
    for _ in range(_ROUNDS):
        known = _compare(cells, between, within)
        known = known[(known.index >= 0) & (known["works"].round() >= min_works)]
        excess, error = known["excess"].to_numpy(), known["error"].to_numpy()
        centre = float(np.median(excess)) if len(excess) else 0.0
        is_above = excess > centre
        between = _fit_between(excess[is_above] - centre, error[is_above])
    if not is_above.any():
        return pd.Series(1.0, index=known.index)
    scores = (excess - centre) / np.sqrt(between + error)
    freedom = min(EFFICIENCY * is_above.sum(), MOST_FREEDOM)
    return pd.Series(student.sf(scores, freedom), index=known.index)


def expect_of_others(
    works: np.ndarray, means: np.ndarray, labels: np.ndarray, alike: float
) -> tuple[np.ndarray, np.ndarray]:
    """(C,) means of the other artists under a cell's label, and (C,) how many works they rest on.

    A cell is what an artist has under a label. Works by one hand are alike: n of them weigh
    n / (1 + (n - 1) r), where ``alike`` is r, their correlation. Means of few works are drawn to
    the mean of all.
    """
    weights = works / (1 + (works - 1) * alike)
    everywhere = (weights * means).sum() / weights.sum() if len(weights) else 0.0
    total, mass = np.bincount(labels, weights * means), np.bincount(labels, weights)
    others = mass[labels] - weights + USUAL_WORKS
    return (total[labels] - weights * means + USUAL_WORKS * everywhere) / others, others


def _gather(
    lags: np.ndarray, labels: np.ndarray, artists: np.ndarray, parts: np.ndarray
) -> tuple[pd.DataFrame, float]:
    """Cells of artist and label (``works``, ``mean``), and the variance of works within them.

    1 where no cell has more than one work.
    """
    table = pd.DataFrame({"artist": artists, "label": labels, "works": parts, "sum": parts * lags})
    by_cell = table.groupby(["artist", "label"])
    cells = by_cell.sum().reset_index()
    cells["mean"] = cells["sum"] / cells["works"]
    spread = parts * (lags - cells["mean"].to_numpy()[by_cell.ngroup()]) ** 2
    freedom = (cells["works"] - 1).clip(lower=0).sum()
    return cells, max(float(spread.sum() / freedom), _LEAST) if freedom > 0 else 1.0


def _compare(cells: pd.DataFrame, between: float, within: float) -> pd.DataFrame:
    """One row an artist: ``works``, ``excess`` over what is usual, its ``error``, a variance."""
    works, means = cells["works"].to_numpy(), cells["mean"].to_numpy()
    alike = between / (between + within)
    usual, others = expect_of_others(works, means, cells["label"].to_numpy(), alike)
    sums = (
        pd.DataFrame(
            {
                "artist": cells["artist"],
                "works": works,
                "excess": works * (means - usual),
                "error": works**2 * (between + within) / others,
            }
        )
        .groupby("artist")
        .sum()
    )
    error = sums["error"] / sums["works"] ** 2 + within / sums["works"]
    return sums.assign(excess=sums["excess"] / sums["works"], error=error)


def _fit_between(above: np.ndarray, error: np.ndarray) -> float:
    """Variance between artists at which half of those above the middle lie within a half.

    ``above`` (n,) how far they lie above it, ``error`` (n,) variances.
    """

    def lack(between: float) -> float:
        return float(np.median(above**2 / (between + error))) - _MIDDLE

    if not len(above) or lack(0.0) <= 0:
        return 0.0
    return float(brentq(lack, 0.0, (above**2).max() / _MIDDLE))
