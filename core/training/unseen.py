"""The witness that never saw the artist: what frozen features say of a style, by other hands.

In ordinary folds a model has learned "this hand, this label", wrong labels and all, so that an
oeuvre that is filed wrongly vouches for itself. Here no fold learns from a hand that it judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from core.findings.labels.calibration import apply_fold_temperatures, fit_fold_temperatures
from core.splits import assign_folds

FOLDS: Final = 5
COMPONENTS: Final = 128
STRENGTH: Final = 0.05  # inverse of the regularisation, of standardised components
LEAST: Final = 1e-12  # no logarithm of zero


@dataclass(frozen=True)
class Unseen:
    """What the witness says of N paintings.

    ``probabilities`` and ``uncalibrated`` (N, K): rows sum to 1; 0 where the painting's label is
    one that its fold learned nothing of. ``judged`` (N,): the given class, -1 where there is none
    or it is not judged.
    """

    probabilities: np.ndarray
    uncalibrated: np.ndarray
    judged: np.ndarray


def ask_unseen(
    features: np.ndarray,
    labels: np.ndarray,
    groups: np.ndarray,
    classes: int,
    seed: int,
    weights: np.ndarray | None = None,
) -> Unseen | None:
    """Judges every painting by a linear model of frozen features that knows none of its ``groups``.

    ``features`` (N, C), ``labels`` (N,) with -1 for none, ``groups`` (N,) in which all works of an
    artist and all copies of a picture lie together; ``weights`` (N,) of the labels, 0 to 1. The
    temperature comes from the other folds. None where there are not two groups to part.
    """
    folds = min(FOLDS, len(np.unique(groups[labels >= 0])))
    if folds < 2:
        return None
    fold = assign_folds(labels, groups, folds, seed)
    logits = np.full((len(labels), classes), np.log(LEAST))
    known = np.zeros((folds, classes), dtype=bool)
    for number in range(folds):
        rows = np.flatnonzero((fold != number) & (labels >= 0))
        known[number, labels[rows]] = True
        if known[number].sum() > 1:
            held_out = np.flatnonzero(fold == number)
            model = _fit(features[rows], labels[rows], None if weights is None else weights[rows])
            said = np.log(model.predict_proba(features[held_out]) + LEAST)
            logits[np.ix_(held_out, model.classes_)] = said
    can = known[fold].sum(axis=1) > 1
    can &= (labels < 0) | known[fold, np.maximum(labels, 0)]
    fold = np.where(can, fold, -1).astype(np.int8)
    judged = np.where(can, labels, -1)
    temperatures = fit_fold_temperatures(logits, judged, fold)
    return Unseen(
        apply_fold_temperatures(logits, fold, temperatures),
        apply_fold_temperatures(logits, fold, (1.0,) * len(temperatures)),
        judged,
    )


def _fit(features: np.ndarray, labels: np.ndarray, weights: np.ndarray | None) -> Pipeline:
    components = min(COMPONENTS, *features.shape)
    model = make_pipeline(
        StandardScaler(),
        PCA(components, svd_solver="randomized", random_state=0),
        StandardScaler(),
        LogisticRegression(C=STRENGTH, max_iter=200, tol=1e-3),
    )
    return model.fit(features, labels, logisticregression__sample_weight=weights)
