"""Artists who move from one style to another over the years."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.stats import kruskal

from core.findings.cases.kinds import CaseSettings
from core.findings.oeuvre.shift import control_discoveries
from core.findings.several import list_entries


def find_movers(
    oeuvres: Mapping[int, np.ndarray],
    labels: np.ndarray,
    years: np.ndarray,
    settings: CaseSettings,
    further: np.ndarray | None = None,
) -> set[int]:
    """Those of the artists ``oeuvres`` (their rows) whose given styles differ in their years.

    ``labels`` (N,), ``years`` (N,) with NaN where undated, ``further`` (N, m) the other styles of
    works of several. ``settings.rate`` of those found move
    by chance alone, on average.
    """
    chances = {}
    for artist, rows in oeuvres.items():
        places, styles = list_entries(labels[rows], None if further is None else further[rows])
        chances[artist] = compare_years(styles, years[rows][places], settings)
    tested = [artist for artist, chance in chances.items() if not np.isnan(chance)]
    adjusted = control_discoveries(np.array([chances[artist] for artist in tested]))
    return {artist for artist, q in zip(tested, adjusted, strict=True) if q <= settings.rate}


def compare_years(labels: np.ndarray, years: np.ndarray, settings: CaseSettings) -> float:
    """p-value that one artist's styles, the minor ones left out, do not differ in their years.

    ``labels`` (n,) and ``years`` (n,) of the artist's works; NaN where fewer than two styles have
    dates enough. Kruskal & Wallis' rank test (1952), which a single misdated work does not sway.
    """
    styles, counts = np.unique(labels[labels >= 0], return_counts=True)
    least = max(settings.minor_works, settings.minor_share * counts.sum())
    groups = [
        each
        for style in styles[counts >= least]
        if len(each := years[(labels == style) & ~np.isnan(years)]) >= settings.minor_works
    ]
    if len(groups) < 2 or len(np.unique(np.concatenate(groups))) < 2:
        return float("nan")
    return float(kruskal(*groups).pvalue)
