"""Artists who move from one style to another over the years."""

from __future__ import annotations

import numpy as np
from scipy.stats import kruskal

from core.findings.case_types import CaseSettings


def moves_between_styles(labels: np.ndarray, years: np.ndarray, settings: CaseSettings) -> bool:
    """True when an artist's given styles, the minor ones left out, differ in their years.

    ``labels`` (n,) and ``years`` (n,) of one artist's works, NaN where undated. Kruskal & Wallis'
    rank test (1952), which a single misdated work does not sway.
    """
    styles, counts = np.unique(labels[labels >= 0], return_counts=True)
    least = max(settings.minor_works, settings.minor_share * counts.sum())
    groups = [
        each
        for style in styles[counts >= least]
        if len(each := years[(labels == style) & ~np.isnan(years)]) >= settings.minor_works
    ]
    if len(groups) < 2 or len(np.unique(np.concatenate(groups))) < 2:
        return False
    return bool(kruskal(*groups).pvalue <= settings.p_years)
