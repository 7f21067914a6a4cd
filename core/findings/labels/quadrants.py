"""Quadrants: loss says whether the label is in doubt, confidence says what kind of doubt it is."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import pandas as pd

from core.findings.labels.losses import compute_self_confidence

Quadrant = Literal[
    "genuine outlier",
    "hard example",
    "typical",
    "uncertain but right",
    "leans elsewhere",
    "unlabelled",
    "not judged",
    "other depth",
]

# Texts for ``LabelWord.fill``.
QUADRANTS: Final[dict[Quadrant, str]] = {
    "genuine outlier": "The label fits badly, and the model's confidence in another {style} is "
    "above the line: a wrong label, or a startling work.",
    "hard example": "The label fits badly, but the model's confidence in another {style} is below "
    "the line.",
    "typical": "The model agrees with the label, with a confidence above the line.",
    "uncertain but right": "The model agrees with the label, with a confidence below the line.",
    "leans elsewhere": "The model's first answer is another {style}, but it does not rule the "
    "label out.",
    "unlabelled": "No label to compare with.",
    "not judged": "No model could judge the label: it had learned from this very painting, or had "
    "no other work of the class to learn from.",
    "other depth": "The model's first answer is a broader or a narrower term of the label: a "
    "matter of depth, no error.",
}
FLAGGED: Final[tuple[Quadrant, ...]] = ("genuine outlier", "hard example")  # high loss

SURE: Final = 0.6  # an answer that the model gives less than this is never called sure

LabelState = Literal["agrees", "differs", "unlabelled", "not judged", "other depth"]
LABEL_STATES: Final[tuple[LabelState, ...]] = (
    *("agrees", "differs", "unlabelled", "not judged", "other depth"),
)


def choose_thresholds(probabilities: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Default lines (loss, confidence) of a task, from its own out-of-fold probabilities.

    Loss: ln K, the loss of a blind guess; above it the model gives the label less than chance.
    Confidence: the mean over classes of the mean probability that paintings of a class have for
    that class, confident learning's measure of a confident answer (Northcutt et al., JAIR 2021),
    and at least ``SURE``: what lies above it is called sure.

    Two numbers, so that they can be moved by hand. On planted errors, genuine outliers by these
    lines are wrong twice as often as by confident learning's thresholds a class (31-35 % against
    16-17 %), at 70-85 % of their number (bench/LOG.md): ln K asks for more than mere doubt.

    ``probabilities`` (n, K), ``labels`` (n,) with -1 for none.
    """
    means = compute_self_confidence(probabilities, labels)
    known = means[~np.isnan(means)]
    usual = float(known.mean()) if len(known) else SURE
    return float(np.log(len(means))), max(SURE, usual)


def code_label_states(
    is_labelled: np.ndarray,
    loss: np.ndarray,
    agrees: np.ndarray,
    is_near: np.ndarray | None = None,
) -> np.ndarray:
    """(N,) int8, places in ``LABEL_STATES``: what a model says of each painting's label, if any.

    Everything that places paintings asks here, so that no line, page or file says otherwise.
    ``is_labelled`` (N,) bool: the collection gives a label, whether or not it could be learned.
    ``loss`` (N,), NaN where no model could judge the label. ``agrees`` (N,) bool: the model's
    first answer is the label. ``is_near`` (N,) bool: it is a broader or narrower term of it.
    """
    judged = np.where(agrees, 0, 1 if is_near is None else np.where(is_near, 4, 1))
    return np.where(np.isnan(loss), 2 + is_labelled, judged).astype(np.int8)


def assign_quadrants(
    loss: np.ndarray,
    confidence: np.ndarray,
    is_labelled: np.ndarray,
    agrees: np.ndarray,
    loss_line: float,
    confidence_line: float,
    is_near: np.ndarray | None = None,
) -> pd.Series:
    """Quadrant of each painting, str. Arguments as ``code_label_states`` and ``code_quadrants``."""
    names = np.array(list(QUADRANTS), dtype=object)
    states = code_label_states(is_labelled, loss, agrees, is_near)
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

    ``states`` (N,) of ``code_label_states``: only a label that is the model's first answer is
    typical, or uncertain but right, and such a label never is an outlier, wherever the loss line
    was moved. The browser has the same rule, for lines that are being dragged
    (``dashboard/point_cloud/browser/quadrants.js``); ``tests/cases/quadrants.json`` holds both to
    one.
    """
    high_loss, high_confidence = loss >= loss_line, confidence >= confidence_line
    other = np.where(high_loss, 1 - high_confidence, 4)
    codes = np.where(states == LABEL_STATES.index("agrees"), 3 - high_confidence, other)
    return np.where(states > 1, 3 + states, codes).astype(np.int8)
