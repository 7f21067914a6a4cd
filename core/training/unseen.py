"""The witness that never saw the artist: what frozen features say of a style, by other hands.

In ordinary folds a model has learned "this hand, this label", wrong labels and all, so that an
oeuvre that is filed wrongly vouches for itself. Here no fold learns from a hand that it judges.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from core.splits import assign_folds
from core.training.plain import PlainAnswers, answer_folds

FOLDS: Final = 5
COMPONENTS: Final = 128  # few: the others tell hands apart rather than styles
STRENGTH: Final = 0.05  # inverse of the regularisation, of standardised components


def ask_unseen(
    features: Sequence[np.ndarray],
    labels: np.ndarray,
    groups: np.ndarray,
    classes: int,
    seed: int,
    weights: np.ndarray | None = None,
    further: np.ndarray | None = None,
) -> PlainAnswers | None:
    """Judges every painting by plain models that know none of its ``groups``.

    ``features``: (N, C) each; ``labels`` (N,) with -1 for none; ``groups`` (N,) in which all works
    of an artist and all copies of a picture lie together; ``weights`` (N,) of the labels, 0 to 1;
    ``further`` (N, m) the other labels of works of several, each learned in equal parts. None where
    there are not two groups to part.
    """
    folds = min(FOLDS, len(np.unique(groups[labels >= 0])))
    if folds < 2:
        return None
    fold = assign_folds(labels, groups, folds, seed)
    return answer_folds(features, labels, fold, classes, _fit, weights, further)


def _fit(features: np.ndarray, labels: np.ndarray, weights: np.ndarray | None) -> Pipeline:
    components = min(COMPONENTS, *features.shape)
    model = make_pipeline(
        StandardScaler(),
        PCA(components, svd_solver="randomized", random_state=0),
        StandardScaler(),
        LogisticRegression(C=STRENGTH, max_iter=200, tol=1e-3),
    )
    return model.fit(features, labels, logisticregression__sample_weight=weights)
