"""Confidence against how often the answers are right, in bins; the dashboard computes it too."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

BINS: Final = 15


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
    """Expected calibration error: mean gap of confidence and accuracy, 0 (calibrated) to 1."""
    table = compute_reliability(confidence, correct, bins)
    gaps = (table["confidence"] - table["accuracy"]).abs()
    return float((gaps * table["paintings"]).sum() / max(table["paintings"].sum(), 1))
