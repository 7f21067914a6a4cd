"""Calibrated confidence: temperature scaling, and measures of miscalibration.

Sources: Guo et al., "On Calibration of Modern Neural Networks" (ICML 2017); Nguyen & O'Connor,
"Posterior calibration and exploratory analysis" (EMNLP 2015), bins of equal counts; Brier (1950).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from core.findings.labels.losses import compute_losses
from core.findings.labels.reliability import BINS, compute_calibration_error

LOG_TEMPERATURE_BOUNDS: Final = (np.log(0.05), np.log(20.0))


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """Temperature that minimises the log loss of ``softmax(logits / T)``.

    ``logits`` (n, K), ``labels`` (n,) class indices. Above 1 softens an overconfident model.
    Must be fitted on rows that are neither trained on nor scored; 1 when there are none.
    """
    if len(labels) == 0:
        return 1.0
    logits = logits.astype(np.float64)

    def log_loss(log_temperature: float) -> float:
        scaled = log_softmax(logits / np.exp(log_temperature), axis=1)
        return float(-scaled[np.arange(len(labels)), labels].mean())

    best = minimize_scalar(log_loss, bounds=LOG_TEMPERATURE_BOUNDS, method="bounded")
    return float(np.exp(best.x))


def apply_temperature(logits: np.ndarray, temperature: float) -> np.ndarray:
    """(n, K) float64 probabilities, rows sum to 1."""
    probabilities: np.ndarray = softmax(logits.astype(np.float64) / temperature, axis=1)
    return probabilities


def fit_fold_temperatures(
    logits: np.ndarray, labels: np.ndarray, fold: np.ndarray
) -> tuple[float, ...]:
    """One temperature for each of two or more folds, none fitted on the paintings that its fold
    scores.

    Fold k's comes from the other folds' out-of-fold answers: models of one recipe err alike, and
    these are many more paintings than a fold could hold back (bench/LOG.md). ``logits`` (N, K) out
    of fold, ``labels`` (N,) with -1 for none, ``fold`` (N,) below 0 where no fold scores; such rows
    are not read.
    """
    known = (fold >= 0) & (labels >= 0)
    others = (known & (fold != number) for number in range(int(fold.max()) + 1))
    return tuple(fit_temperature(logits[rows], labels[rows]) for rows in others)


def apply_fold_temperatures(
    logits: np.ndarray, fold: np.ndarray, temperatures: tuple[float, ...]
) -> np.ndarray:
    """(N, K) float64 probabilities, each row by its fold's temperature; 0 where no fold scores."""
    probabilities = np.zeros(logits.shape)
    for number, temperature in enumerate(temperatures):
        rows = fold == number
        probabilities[rows] = apply_temperature(logits[rows], temperature)
    return probabilities


def compute_adaptive_calibration_error(
    confidence: np.ndarray, correct: np.ndarray, bins: int = BINS
) -> float:
    """Calibration error over bins of equally many paintings, 0 (calibrated) to 1.

    Unlike equal widths, no bin is nearly empty: a model that is always confident is measured where
    its answers lie.
    """
    if len(confidence) == 0:
        return 0.0
    order = np.argsort(confidence, kind="stable")
    parts = [part for part in np.array_split(order, min(bins, len(order))) if len(part)]
    gaps = [abs(confidence[part].mean() - correct[part].mean()) * len(part) for part in parts]
    return float(sum(gaps) / len(order))


def compute_brier(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Mean squared distance of the probabilities (n, K) from the labels (n,), 0 (best) to 2."""
    if len(labels) == 0:
        return 0.0
    off = np.array(probabilities, dtype=np.float64)
    off[np.arange(len(labels)), labels] -= 1
    return float((off**2).sum(axis=1).mean())


def compare_calibration(
    uncalibrated: np.ndarray, calibrated: np.ndarray, labels: np.ndarray
) -> pd.DataFrame:
    """Before and after temperature scaling: one row each, index ``before`` and ``after``.

    Columns ``calibration_error`` (equal widths), ``adaptive_calibration_error`` (equal counts),
    ``brier``, ``log_loss``; lower is better in all. Probabilities (n, K), ``labels`` (n,), none
    missing. ``compute_reliability`` gives the table behind each.
    """
    rows = {}
    for name, probabilities in (("before", uncalibrated), ("after", calibrated)):
        confidence, correct = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
        rows[name] = {
            "calibration_error": compute_calibration_error(confidence, correct),
            "adaptive_calibration_error": compute_adaptive_calibration_error(confidence, correct),
            "brier": compute_brier(probabilities, labels),
            "log_loss": float(compute_losses(probabilities, labels).mean()),
        }
    return pd.DataFrame(rows).T
