"""How unlike everything else a painting is: two views, and both together, as percentiles."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from core.findings.evidence import FoldView


def compute_novelty(distance: np.ndarray, folds: tuple[FoldView, ...], count: int) -> pd.DataFrame:
    """Novelty of ``count`` paintings, 0 to 1, high is unlike anything here; NaN where not known.

    ``novelty_logit``: low highest logit (Vaze et al., "Open-Set Recognition: a Good Closed-Set
    Classifier is All You Need?", ICLR 2022; Hendrycks et al., "Scaling OOD Detection", ICML 2022).
    ``novelty_distance``: far nearest neighbours (Sun et al., "Out-of-Distribution Detection with
    Deep Nearest Neighbors", ICML 2022); ``distance`` (N,) as in ``NeighbourEvidence``.
    ``novelty``: the percentile of their mean, or of the one that is known. All are taken inside a
    fold, since two folds' models are not on one scale. Both hold for convolutional and ViT
    backbones alike.
    """
    far, faint, both = (np.full(count, np.nan) for _ in range(3))
    for fold in folds:
        rows = fold.held_out
        far[rows] = compute_percentiles(distance[rows])
        if fold.max_logits is not None:
            faint[rows] = compute_percentiles(-np.asarray(fold.max_logits, np.float64))
        views = pd.DataFrame({"far": far[rows], "faint": faint[rows]})
        both[rows] = compute_percentiles(views.mean(axis=1).to_numpy())
    return pd.DataFrame({"novelty": both, "novelty_distance": far, "novelty_logit": faint})


def compute_percentiles(values: np.ndarray) -> np.ndarray:
    """(n,) share of the values that lie below each, ties halved, 0 to 1; NaN stays NaN."""
    known = np.flatnonzero(~np.isnan(values))
    shares = np.full(len(values), np.nan)
    if len(known):
        shares[known] = (rankdata(values[known]) - 0.5) / len(known)
    return shares
