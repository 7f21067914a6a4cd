"""Plain models of frozen features: linear, learned in seconds, and wrong about other paintings
than the network is.

Each kind of features has a model of its own, and their answers are pooled as a geometric mean.
Source: logarithmic opinion pools (Genest & Zidek, Statistical Science 1986).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from threadpoolctl import threadpool_limits

from core.findings.labels.calibration import apply_fold_temperatures, fit_fold_temperatures
from core.findings.several import front_best, list_entries
from core.fold_codes import LEFT_OUT

STRENGTH: Final = 0.003  # inverse of the regularisation, of standardised features
LEAST: Final = 1e-12  # no logarithm of zero

Fit = Callable[[np.ndarray, np.ndarray, np.ndarray | None], Pipeline]  # features, labels, weights


@dataclass(frozen=True)
class PlainAnswers:
    """What plain models say of N paintings.

    ``probabilities`` and ``uncalibrated`` (N, K): rows sum to 1; 0 where no fold scores the
    painting, or its label is one that the fold learned nothing of. ``judged`` (N,): the given
    class, of several the likeliest; -1 where there is none or it is not judged.
    """

    probabilities: np.ndarray
    uncalibrated: np.ndarray
    judged: np.ndarray


def ask_plain(
    features: Sequence[np.ndarray],
    labels: np.ndarray,
    fold: np.ndarray,
    classes: int,
    weights: np.ndarray | None = None,
    further: np.ndarray | None = None,
) -> PlainAnswers:
    """Judges every painting by plain models of the other folds: of the signed roots of features,
    whose spreads over a picture are skewed.

    ``features``: (N, C) each; ``labels`` (N,) with -1 for none; ``fold`` (N,) as
    ``core.splits`` gives it; ``weights`` (N,) of the labels, 0 to 1; ``further`` (N, m) the other
    labels of works of several, each learned in equal parts.
    """
    return answer_folds(features, labels, fold, classes, _fit, weights, further)


def answer_folds(
    features: Sequence[np.ndarray],
    labels: np.ndarray,
    fold: np.ndarray,
    classes: int,
    fit: Fit,
    weights: np.ndarray | None = None,
    further: np.ndarray | None = None,
) -> PlainAnswers:
    """As ``ask_plain``, by models that ``fit`` makes. The temperature comes from the other folds'
    answers; a single fold has none.
    """
    folds = int(fold.max()) + 1
    logits = np.full((len(labels), classes), np.log(LEAST))
    known = np.zeros((folds, classes), dtype=bool)
    entries, every = list_entries(labels, further)
    parts = weights if further is None else _share(weights, entries)

    def answer(number: int) -> None:
        places = (fold != number) & (fold != LEFT_OUT) & (labels >= 0)
        learning = np.flatnonzero(places[entries])
        rows = entries[learning]
        known[number, every[learning]] = True
        if known[number].sum() > 1:
            held_out = np.flatnonzero(fold == number)
            learned = np.flatnonzero(known[number])
            said = np.zeros((len(held_out), len(learned)))
            counts = None if parts is None else parts[rows]
            for each in features:
                model = fit(each[rows], every[learning], counts)
                said += np.log(model.predict_proba(each[held_out]) + LEAST) / len(features)
            logits[np.ix_(held_out, learned)] = said

    # Threads of a linear algebra library spend more time waiting for each other over such small
    # products than computing them: a fold has one, and folds learn beside each other.
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(min(folds, os.cpu_count() or 1)) as pool:
        list(pool.map(answer, range(folds)))
    can = (fold >= 0) & (known[np.maximum(fold, 0)].sum(axis=1) > 1)
    if further is not None:
        labels, _ = front_best(np.exp(logits), labels, further)
    can &= (labels < 0) | known[np.maximum(fold, 0), np.maximum(labels, 0)]
    fold = np.where(can, fold, -1).astype(np.int8)
    judged = np.where(can, labels, -1)
    none = (1.0,) * folds
    temperatures = fit_fold_temperatures(logits, judged, fold) if folds > 1 else none
    return PlainAnswers(
        apply_fold_temperatures(logits, fold, (*temperatures, *none[len(temperatures) :])),
        apply_fold_temperatures(logits, fold, none),
        judged,
    )


def _share(weights: np.ndarray | None, entries: np.ndarray) -> np.ndarray:
    """(N,) how much each of a work's labels counts: ``entries`` names each work once a label."""
    works = np.bincount(entries)
    return 1 / works if weights is None else weights / works


def _fit(features: np.ndarray, labels: np.ndarray, weights: np.ndarray | None) -> Pipeline:
    model = make_pipeline(
        FunctionTransformer(_take_roots),
        StandardScaler(),
        LogisticRegression(C=STRENGTH, max_iter=200, tol=1e-3),
    )
    return model.fit(features, labels, logisticregression__sample_weight=weights)


def _take_roots(features: np.ndarray) -> np.ndarray:
    roots: np.ndarray = np.sign(features) * np.sqrt(np.abs(features))
    return roots
