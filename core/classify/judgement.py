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


def judge_label(
    probabilities: np.ndarray,
    label: int,
    thresholds: Thresholds,
    kin: np.ndarray | None = None,
) -> Judgement:
    """Judges class ``label`` by (K,) ``probabilities``; ``thresholds`` are the run's own.

    ``kin`` (K,) bool: the broader and narrower terms of the label, which are right with it.
    """
    best, confidence = int(probabilities.argmax()), float(probabilities.max())
    is_near = kin is not None and bool(kin[best])
    if kin is not None:
        own = float(probabilities[label] + probabilities[kin].sum())
        probabilities = np.where(kin, 0, probabilities)
        probabilities[label] = own
    given = float(probabilities[label])
    loss = -float(np.log(max(given, SMALLEST)))
    quadrants = assign_quadrants(
        np.array([loss]),
        np.array([confidence]),
        np.array([True]),
        np.array([best == label]),
        thresholds.loss,
        thresholds.confidence,
        np.array([is_near]),
    )
    return Judgement(loss, confidence, int((probabilities > given).sum()) + 1, quadrants[0])
