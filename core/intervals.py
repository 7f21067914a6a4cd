"""Intervals of shares."""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

import numpy as np

CONFIDENCE: Final = 0.95
NORMAL_REACH: Final = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)  # standard deviations either side


def compute_wilson(hits: float, count: float) -> tuple[float, float]:
    """95 % interval of the share ``hits`` of ``count``, within 0 to 1; 0 to 1 where ``count`` is 0.

    Wilson (1927): accurate for small counts and near 0 and 1. Implemented here because the
    dashboard does not install scipy (143 MB, 1.2 s to import); a test compares it with scipy's.
    """
    if count == 0:
        return 0.0, 1.0
    z = NORMAL_REACH
    share = hits / count
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)) / (1 + z**2 / count)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))
