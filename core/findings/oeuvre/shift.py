"""Whether an artist's works are seen in other styles more often than artists of those styles are.

Works by one hand are not independent: artists differ by nature, whatever their labels. So each
artist has a rate of its own, drawn from a beta distribution around what is usual for the styles of
the labels (a random effect; beta-binomial: Skellam, 1948; Williams, Biometrics 1975). That gives
the interval. Whether an artist stands out is tested by how far the labels lie behind
(``empirical_null``): a count says no more once all works are seen elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.stats import beta, betabinom, false_discovery_control

from core.findings.oeuvre.empirical_null import compute_chances, expect_of_others
from core.findings.several import list_entries
from core.intervals import CONFIDENCE, NORMAL_REACH

LOG_SIZES: Final = (-1.0, 9.0)  # log of alpha + beta: from artists unlike each other to none
EDGE: Final = 1e-3  # no rate is nearer to 0 or 1


@dataclass(frozen=True)
class _Cells:
    """Counts of an artist under a label, (C,) each: ``works``, ``away`` seen in other styles.

    ``usual``: the rate of other artists under that label. ``error``: its variance.
    """

    artists: np.ndarray
    works: np.ndarray
    away: np.ndarray
    usual: np.ndarray
    error: np.ndarray


def compute_shifts(
    is_away: np.ndarray,
    lags: np.ndarray,
    labels: np.ndarray,
    artists: np.ndarray,
    duplicates: np.ndarray,
    min_works: int,
    further: np.ndarray | None = None,
) -> pd.DataFrame:
    """One row an artist with ``min_works`` judged works or more, index: the artist's code.

    ``is_away`` (N,) 1 where a painting is seen in another style than its label, 0 where not, NaN
    where not judged; best by a model that never saw the artist. ``lags`` (N,) how far the label
    lies behind the best other style, high is suspicious, NaN likewise. ``labels`` (N,) with -1,
    ``artists`` (N,) with -1 for unknown, each a hand of its own, ``duplicates`` (N,) group ids:
    copies of a picture count once. ``further`` (N, m) the other labels of works of several: such
    a work counts under each in equal parts. Columns: ``works``; ``observed`` and ``expected``,
    shares of the works seen in other styles: the artist's, and the mean of other artists under the
    same labels; ``shift`` (observed - expected, -1 to 1, high is suspicious) with ``shift_low`` and
    ``shift_high``, a 95 % interval for the artist's own rate less the usual one, which holds how
    artists differ and how well the usual rate is known; ``p_value`` of a mean lag so high by
    nature; ``q_value``, the false-discovery rate at which it counts (Benjamini & Hochberg, 1995).
    """
    rows, every = list_entries(labels, further)
    kept = keep_one_of_each(is_away[rows], every, artists[rows], duplicates[rows])
    parts, rows, every = 1 / np.bincount(rows)[rows[kept]], rows[kept], every[kept]
    hands = np.where(artists >= 0, artists, -1 - np.arange(len(artists)))[rows]
    cells, size = _count(is_away[rows], every, hands, min_works, parts)
    table = _gather(cells)
    table = table[(table.index >= 0) & (table["works"] >= min_works)]
    works, away = table["works"].to_numpy(), table["away"].to_numpy()
    usual, error = table["usual"].to_numpy(), table["error"].to_numpy()
    low, high = _bound(works, away, usual, error, size)
    chances = compute_chances(lags[rows], every, hands, min_works, parts)
    p_values = chances.reindex(table.index).to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "works": works,
            "observed": away / works,
            "expected": usual,
            "shift": away / works - usual,
            "shift_low": low,
            "shift_high": high,
            "p_value": p_values,
            "q_value": control_discoveries(p_values),
        },
        index=table.index.rename("artist_code"),
    )


def control_discoveries(p_values: np.ndarray) -> np.ndarray:
    """(n,) adjusted p-values: keeping those at most q makes q of them false, on average."""
    if len(p_values) == 0:
        return p_values
    adjusted: np.ndarray = false_discovery_control(np.clip(p_values, 0, 1), method="bh")
    return adjusted


def keep_one_of_each(
    is_away: np.ndarray, labels: np.ndarray, artists: np.ndarray, duplicates: np.ndarray
) -> np.ndarray:
    """Judged rows, one for each picture of an artist under a label."""
    judged = np.flatnonzero(~np.isnan(is_away) & (labels >= 0))
    keys = np.stack([artists[judged], duplicates[judged], labels[judged]], axis=1)
    _, first = np.unique(keys, axis=0, return_index=True)
    return judged[np.sort(first)]


def _count(
    away: np.ndarray, labels: np.ndarray, hands: np.ndarray, min_works: int, parts: np.ndarray
) -> tuple[_Cells, float]:
    """Cells of artist and label, and alpha + beta of how artists differ.

    ``parts`` (n,): how much of a work each row is.
    """
    table = pd.DataFrame({"hand": hands, "label": labels, "works": parts, "away": parts * away})
    counted = table.groupby(["hand", "label"]).sum().reset_index()
    works, sums = counted["works"].to_numpy(), counted["away"].to_numpy()
    size = np.inf
    for _ in range(2):  # what is usual depends on how artists differ, and the other way round
        usual, error = _expect(works, sums, counted["label"].to_numpy(), size)
        cells = _Cells(counted["hand"].to_numpy(), works, sums, usual, error)
        size = _fit_size(_gather(cells), min_works)
    return cells, size


def _expect(
    works: np.ndarray, away: np.ndarray, labels: np.ndarray, size: float
) -> tuple[np.ndarray, np.ndarray]:
    """(C,) rate of the other artists under a cell's label, and its variance.

    The correlation of works by one hand is 1 / (1 + alpha + beta).
    """
    rates, others = expect_of_others(works, away / works, labels, 1 / (1 + size))
    usual = np.clip(rates, EDGE, 1 - EDGE)
    return usual, usual * (1 - usual) / others


def _gather(cells: _Cells) -> pd.DataFrame:
    """One row a hand: sums of its cells, and means of what is usual, weighted by works.

    Parts of works add up to whole ones.
    """
    table = pd.DataFrame(
        {
            "artist": cells.artists,
            "works": cells.works,
            "away": cells.away,
            "usual": cells.works * cells.usual,
            "error": cells.works**2 * cells.error,
        }
    )
    sums = table.groupby("artist").sum()
    return sums.assign(
        works=sums["works"].round().astype("int64"),
        away=sums["away"].round().astype("int64"),
        usual=sums["usual"] / sums["works"],
        error=sums["error"] / sums["works"] ** 2,
    )


def _fit_size(table: pd.DataFrame, min_works: int) -> float:
    """alpha + beta over the artists by adjusted maximum likelihood.

    Weighted by the variance of the artists' rates, so that few artists who happen to be alike
    never count as proof that artists do not differ (Li & Lahiri, J. Multivariate Analysis 2010).
    """
    known = table[(table.index >= 0) & (table["works"] >= min_works)]
    if len(known) < 2:
        return float(np.exp(LOG_SIZES[0]))
    works, away, usual = (known[name].to_numpy() for name in ("works", "away", "usual"))

    def lack(log_size: float) -> float:
        size = np.exp(log_size)
        likelihood = betabinom.logpmf(away, works, size * usual, size * (1 - usual)).sum()
        return float(np.log(size + 1) - likelihood)

    return float(np.exp(minimize_scalar(lack, bounds=LOG_SIZES, method="bounded").x))


def _bound(
    works: np.ndarray, away: np.ndarray, usual: np.ndarray, error: np.ndarray, size: float
) -> tuple[np.ndarray, np.ndarray]:
    """(A,) ends of the interval of the artist's rate less the usual one.

    The artist's rate has a beta distribution given the count; the usual rate's error is added to
    its reach on either side.
    """
    rate = beta(size * usual + away, size * (1 - usual) + works - away)
    middle, tail = rate.mean(), (1 - CONFIDENCE) / 2
    slack = NORMAL_REACH**2 * error
    low = middle - usual - np.sqrt((middle - rate.ppf(tail)) ** 2 + slack)
    high = middle - usual + np.sqrt((rate.ppf(1 - tail) - middle) ** 2 + slack)
    return np.maximum(low, -1), np.minimum(high, 1)
