"""Quadrants: loss says whether the label is in doubt, confidence says what kind of doubt it is."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import pandas as pd

Quadrant = Literal[
    "genuine outlier",
    "hard example",
    "typical",
    "uncertain but right",
    "unlabelled",
    "not judged",
]

QUADRANTS: Final[dict[Quadrant, str]] = {
    "genuine outlier": "The model is sure of another style: a wrong label, or a startling work.",
    "hard example": "The label is in doubt, but the model has no better answer.",
    "typical": "The model is sure, and agrees with the label.",
    "uncertain but right": "The label stands, though the model hesitates.",
    "unlabelled": "No label to compare with.",
    "not judged": "No model could judge the label: it had learned from this very painting, or had "
    "no other work of the class to learn from.",
}
FLAGGED: Final[tuple[Quadrant, ...]] = ("genuine outlier", "hard example")  # high loss

LabelState = Literal["judged", "unlabelled", "not judged"]
LABEL_STATES: Final[tuple[LabelState, ...]] = ("judged", "unlabelled", "not judged")


def choose_thresholds(probabilities: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Default lines (loss, confidence) of a task, from its own out-of-fold probabilities.

    Loss: ln K, the loss of a blind guess; above it the model gives the label less than chance.
    Confidence: the mean over classes of the mean probability that paintings of a class have for
    that class, confident learning's measure of a confident answer (Northcutt et al., JAIR 2021).

    Two numbers, so that they can be moved by hand. On planted errors, genuine outliers by these
    lines are wrong twice as often as by confident learning's thresholds a class (31-35 % against
    16-17 %), at 70-85 % of their number (bench/LOG.md): ln K asks for more than mere doubt.

    ``probabilities`` (n, K), ``labels`` (n,) with -1 for none.
    """
    classes = probabilities.shape[1]
    self_confidence = [
        float(probabilities[labels == c, c].mean()) for c in range(classes) if (labels == c).any()
    ]
    return float(np.log(classes)), float(np.mean(self_confidence)) if self_confidence else 0.5


def code_label_states(is_labelled: np.ndarray, loss: np.ndarray) -> np.ndarray:
    """(N,) int8, places in ``LABEL_STATES``: whether a painting is labelled and its label judged.

    Everything that places paintings asks here, so that no line, page or file says otherwise.
    ``is_labelled`` (N,) bool: the collection gives a label, whether or not it could be learned.
    ``loss`` (N,), NaN where no model could judge the label.
    """
    return np.where(np.isnan(loss), 1 + is_labelled, 0).astype(np.int8)


def assign_quadrants(
    loss: np.ndarray,
    confidence: np.ndarray,
    is_labelled: np.ndarray,
    loss_line: float,
    confidence_line: float,
) -> pd.Series:
    """Quadrant of each painting, str. Arguments as ``code_label_states`` and ``code_quadrants``."""
    names = np.array(list(QUADRANTS), dtype=object)
    states = code_label_states(is_labelled, loss)
    codes = code_quadrants(states, loss, confidence, loss_line, confidence_line)
    return pd.Series(names[codes], dtype="str")


def code_quadrants(
    states: np.ndarray,
    loss: np.ndarray,
    confidence: np.ndarray,
    loss_line: float,
    confidence_line: float,
) -> np.ndarray:
    """(N,) int8: each painting's place in ``QUADRANTS``; what lies on a line is high.

    ``states`` (N,) of ``code_label_states``. The browser has the same rule, for lines that are
    being dragged (``dashboard/point_cloud/browser/quadrants.js``); ``tests/cases/quadrants.json``
    holds both to one.
    """
    high_loss, high_confidence = loss >= loss_line, confidence >= confidence_line
    codes = np.where(high_loss, 1 - high_confidence, 3 - high_confidence)
    return np.where(states > 0, 3 + states, codes).astype(np.int8)
