"""Whether an artist's works are seen elsewhere more often than works of those styles are."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, t

from core.findings.oeuvre.other_works import iterate_oeuvres

STEPS: Final = 100  # the share seen elsewhere is counted in hundredths
INTERVAL: Final = 0.95
USUAL_WORKS: Final = 10.0  # works of a style by others needed to half trust what is usual


def compute_shifts(
    elsewhere: np.ndarray,
    labels: np.ndarray,
    artists: np.ndarray,
    duplicates: np.ndarray,
    min_works: int,
) -> pd.DataFrame:
    """One row an artist with ``min_works`` judged works or more, index: the artist's code.

    ``elsewhere`` (N,) 0 to 1: how much of a painting is seen in other styles than the given one,
    NaN where not judged. Columns: ``works`` (copies of one picture count once), ``observed`` and
    ``expected`` (means of ``elsewhere``: of the artist, of other artists' works of those styles),
    ``shift`` (observed - expected, -1 to 1, high is suspicious) with a 95 % t interval
    ``shift_low``, ``shift_high``; ``p_value`` of so high a mean were the works drawn at random
    from all works of their styles, exact; ``q_value``, the false-discovery rate at which it
    counts (Benjamini & Hochberg, 1995).
    """
    rows = _keep_one_of_each(elsewhere, labels, artists, duplicates)
    steps = np.rint(elsewhere[rows] * STEPS).astype(np.int64)
    pools = _pool(steps, labels[rows])
    totals, counts = _sum_styles(elsewhere[rows], labels[rows])
    found = []
    for oeuvre in iterate_oeuvres(artists[rows]):
        if len(oeuvre) < min_works:
            continue
        style, values = labels[rows][oeuvre], elsewhere[rows][oeuvre]
        usual = _expect(values, style, totals, counts)
        low, high = _interval(values - usual)
        found.append(
            {
                "artist_code": int(artists[rows][oeuvre[0]]),
                "works": len(oeuvre),
                "observed": values.mean(),
                "expected": usual.mean(),
                "shift": (values - usual).mean(),
                "shift_low": low,
                "shift_high": high,
                "p_value": _compute_p(int(steps[oeuvre].sum()), style, pools),
            }
        )
    columns = ["works", "observed", "expected", "shift", "shift_low", "shift_high", "p_value"]
    table = pd.DataFrame(found, columns=["artist_code", *columns]).set_index("artist_code")
    table["q_value"] = control_discoveries(table["p_value"].to_numpy(dtype=float))
    return table


def control_discoveries(p_values: np.ndarray) -> np.ndarray:
    """(n,) adjusted p-values: keeping those at most q makes q of them false, on average."""
    if len(p_values) == 0:
        return p_values
    adjusted: np.ndarray = false_discovery_control(np.clip(p_values, 0, 1), method="bh")
    return adjusted


def _keep_one_of_each(
    elsewhere: np.ndarray, labels: np.ndarray, artists: np.ndarray, duplicates: np.ndarray
) -> np.ndarray:
    """Judged rows, one for each picture of an artist under a label."""
    judged = np.flatnonzero(~np.isnan(elsewhere) & (labels >= 0))
    keys = np.stack([artists[judged], duplicates[judged], labels[judged]], axis=1)
    _, first = np.unique(keys, axis=0, return_index=True)
    return judged[np.sort(first)]


def _pool(steps: np.ndarray, labels: np.ndarray) -> dict[int, np.ndarray]:
    """For each style the probability of each of ``STEPS`` + 1 values, all artists together."""
    styles = np.unique(labels)
    counts = {int(s): np.bincount(steps[labels == s], minlength=STEPS + 1) for s in styles}
    return {style: each / each.sum() for style, each in counts.items()}


def _compute_p(total: int, styles: np.ndarray, pools: dict[int, np.ndarray]) -> float:
    """Probability that draws from the pools of ``styles`` sum to ``total`` or more.

    The exact distribution of the sum, by convolution in the frequency domain.
    """
    size = 1 << int(len(styles) * STEPS + 1).bit_length()
    spectrum = np.ones(size // 2 + 1, dtype=np.complex128)
    for style, works in zip(*np.unique(styles, return_counts=True), strict=True):
        spectrum *= np.fft.rfft(pools[int(style)], size) ** works
    distribution = np.fft.irfft(spectrum, size)
    return float(np.clip(distribution[total : len(styles) * STEPS + 1].sum(), 1e-12, 1.0))


def _sum_styles(values: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.bincount(labels, values), np.bincount(labels).astype(float)


def _expect(
    values: np.ndarray, styles: np.ndarray, totals: np.ndarray, counts: np.ndarray
) -> np.ndarray:
    """(n,) mean over other artists' works of each style, drawn to the mean of all where few."""
    own_totals = np.bincount(styles, values, minlength=len(totals))
    own_counts = np.bincount(styles, minlength=len(totals))
    everywhere = totals.sum() / counts.sum()
    usual = (totals - own_totals + USUAL_WORKS * everywhere) / (counts - own_counts + USUAL_WORKS)
    expected: np.ndarray = usual[styles]
    return expected


def _interval(differences: np.ndarray) -> tuple[float, float]:
    mean = differences.mean()
    error = differences.std(ddof=1) / np.sqrt(len(differences))
    reach = t.ppf(0.5 + INTERVAL / 2, len(differences) - 1) * error
    return float(max(mean - reach, -1)), float(min(mean + reach, 1))
