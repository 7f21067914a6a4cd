"""Training dynamics: paintings whose label the model never learned to accept."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.stats import rankdata

SUSPICIOUS_SHARE: Final = 0.1  # of the collection, by each measure


def compute_area_under_margin(margins: np.ndarray) -> np.ndarray:
    """(N,) mean over the epochs of the given label's margin; low (below 0) is suspicious.

    ``margins`` (N, E): logit of the given label less the highest other one; NaN where the painting
    was not learned from in that epoch, and NaN for a painting that never was. The margin of a wrong
    label stays low while similar paintings contradict it, even where the label is memorised in the
    end. Source: Pleiss et al., "Identifying Mislabeled Data using the Area Under the Margin
    Ranking" (NeurIPS 2020).
    """
    known = ~np.isnan(margins)
    epochs = known.sum(axis=1)
    sums = np.where(known, margins, 0).sum(axis=1, dtype=np.float64)
    return np.where(epochs > 0, sums / np.maximum(epochs, 1), np.nan)


def compare_suspicions(
    loss: np.ndarray, area_under_margin: np.ndarray, share: float = SUSPICIOUS_SHARE
) -> np.ndarray:
    """(N,) object: which of the two measures finds each label suspicious.

    Each measure finds the worst ``share`` of the paintings suspicious: the highest out-of-fold
    ``loss`` (N,), the lowest ``area_under_margin`` (N,). Their agreement is stronger evidence: one
    model has not seen the painting, the other has. ``not known`` where either is NaN.
    """
    high_loss = compute_percentiles(loss) > 1 - share
    low_margin = compute_percentiles(area_under_margin) < share
    names: np.ndarray = np.select(
        [
            np.isnan(loss) | np.isnan(area_under_margin),
            high_loss & low_margin,
            high_loss,
            low_margin,
        ],
        ["not known", "both", "out of fold only", "dynamics only"],
        default="neither",
    ).astype(object)
    return names


def compute_percentiles(values: np.ndarray) -> np.ndarray:
    """(n,) share of the values that lie below each, ties halved, 0 to 1; NaN stays NaN."""
    known = np.flatnonzero(~np.isnan(values))
    shares = np.full(len(values), np.nan)
    if len(known):
        shares[known] = (rankdata(values[known]) - 0.5) / len(known)
    return shares
