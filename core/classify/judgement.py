"""Judges a label that a curator gives the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.artifacts import Thresholds
from core.findings.labels.quadrants import assign_quadrants

SMALLEST: Final = 1e-7  # least probability, so that a loss stays finite


@dataclass(frozen=True)
class Judgement:
    """``loss``: -ln of the label's probability, 0 up, high is suspicious. ``rank``: 1 is first."""

    loss: float
    confidence: float
    rank: int
    quadrant: str


def judge_label(probabilities: np.ndarray, label: int, thresholds: Thresholds) -> Judgement:
    """Judges class ``label`` by (K,) ``probabilities``; ``thresholds`` are the run's own."""
    given, confidence = float(probabilities[label]), float(probabilities.max())
    loss = -float(np.log(max(given, SMALLEST)))
    quadrants = assign_quadrants(
        np.array([loss]),
        np.array([confidence]),
        np.array([True]),
        np.array([probabilities.argmax() == label]),
        thresholds.loss,
        thresholds.confidence,
    )
    return Judgement(loss, confidence, int((probabilities > given).sum()) + 1, quadrants[0])
