"""Per-painting scores of one task, from probabilities and given labels."""

from __future__ import annotations

import numpy as np
import pandas as pd


def compute_losses(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Cross-entropy of each given label: -ln p, 0 up, high is suspicious; NaN where label is -1."""
    p_given = take_given(probabilities, labels)
    return np.where(labels >= 0, -np.log(np.maximum(p_given, np.finfo(np.float64).tiny)), np.nan)


def find_judged(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(n,) bool: a label that is learned, on a painting that some fold has scored.

    ``probabilities`` (n, K), a row of zeros where no fold has; ``labels`` (n,), -1 where there is
    no label or it is not learned.
    """
    judged: np.ndarray = (labels >= 0) & (probabilities.sum(axis=1) > 0)
    return judged


def take_given(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(n,) probability of each given label; NaN where the label is -1."""
    taken = probabilities[np.arange(len(labels)), np.maximum(labels, 0)]
    return np.where(labels >= 0, taken, np.nan)


def compute_predictions(
    probabilities: np.ndarray,
    uncalibrated: np.ndarray,
    labels: np.ndarray,
    classes: tuple[str, ...],
) -> pd.DataFrame:
    """Scores of n paintings; columns of ``schema.PREDICTIONS`` but for row and task.

    ``probabilities`` and ``uncalibrated`` (n, K) rows sum to 1, ``labels`` (n,) class indices with
    -1 for none.
    """
    names = np.array(classes, dtype=object)
    best = probabilities.argmax(axis=1)
    p_given = take_given(probabilities, labels)
    has_label = labels >= 0
    return pd.DataFrame(
        {
            "given": pd.Series(np.where(has_label, names[labels], None), dtype="str"),
            "predicted": pd.Series(names[best], dtype="str"),
            "p_given": p_given,
            "confidence": probabilities.max(axis=1),
            "loss": compute_losses(probabilities, labels),
            "margin": p_given - _best_other(probabilities, labels),
            "entropy": compute_entropy(probabilities),
            "rank": pd.array(
                np.where(has_label, (probabilities > p_given[:, None]).sum(axis=1) + 1, np.nan),
                dtype="Int32",
            ),
            "loss_uncalibrated": compute_losses(uncalibrated, labels),
            "confidence_uncalibrated": uncalibrated.max(axis=1),
            "margin_uncalibrated": take_given(uncalibrated, labels)
            - _best_other(uncalibrated, labels),
            "entropy_uncalibrated": compute_entropy(uncalibrated),
        }
    )


def compute_entropy(probabilities: np.ndarray) -> np.ndarray:
    """(n,) Shannon entropy over ln K: 0 is certain, 1 is no idea."""
    logs = np.log(np.maximum(probabilities, np.finfo(np.float64).tiny))
    entropy: np.ndarray = -(probabilities * logs).sum(axis=1)
    return entropy / max(np.log(probabilities.shape[1]), 1e-9)


def _best_other(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    others = np.array(probabilities, dtype=np.float64)
    labelled = np.flatnonzero(labels >= 0)
    others[labelled, labels[labelled]] = -np.inf
    best: np.ndarray = others.max(axis=1)
    return best
