"""Confidence that means what it says: temperature scaling, and how far off confidence is.

Sources: Guo et al., "On Calibration of Modern Neural Networks" (ICML 2017).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

LOG_TEMPERATURE_BOUNDS: Final = (np.log(0.05), np.log(20.0))
BINS: Final = 15


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


def compute_reliability(
    confidence: np.ndarray, correct: np.ndarray, bins: int = BINS
) -> pd.DataFrame:
    """Equal-width bins of confidence: lower edge, paintings, mean confidence, accuracy.

    Empty bins are left out. ``confidence`` (n,) in 0..1, ``correct`` (n,) bool.
    """
    index = np.clip((confidence * bins).astype(int), 0, bins - 1)
    table = pd.DataFrame({"bin": index, "confidence": confidence, "accuracy": correct})
    grouped = table.groupby("bin").agg(
        paintings=("confidence", "size"),
        confidence=("confidence", "mean"),
        accuracy=("accuracy", "mean"),
    )
    return grouped.reset_index().assign(lower=lambda t: t["bin"] / bins).drop(columns="bin")


def compute_calibration_error(
    confidence: np.ndarray, correct: np.ndarray, bins: int = BINS
) -> float:
    """Expected calibration error: mean gap of confidence and accuracy, 0 (honest) to 1."""
    table = compute_reliability(confidence, correct, bins)
    gaps = (table["confidence"] - table["accuracy"]).abs()
    return float((gaps * table["paintings"]).sum() / max(table["paintings"].sum(), 1))
