"""Per-painting scores of one task, from probabilities and given labels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.findings.several import share_labels


def compute_losses(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Cross-entropy of each given label: -ln p, 0 up, high is suspicious; NaN where label is -1."""
    return _lose(take_given(probabilities, labels))


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


def compute_self_confidence(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(K,) mean probability that paintings of a class have for it, 0 to 1; NaN without paintings.

    ``probabilities`` (n, K), ``labels`` (n,) with -1 for none.
    """
    means = np.full(probabilities.shape[1], np.nan)
    for label in np.unique(labels[labels >= 0]):
        means[label] = probabilities[labels == label, label].mean()
    return means


def compute_predictions(
    probabilities: np.ndarray,
    uncalibrated: np.ndarray,
    labels: np.ndarray,
    classes: tuple[str, ...],
    further: np.ndarray | None = None,
) -> pd.DataFrame:
    """Scores of n paintings; columns of ``schema.PREDICTIONS`` but for row and task.

    ``probabilities`` and ``uncalibrated`` (n, K) rows sum to 1, ``labels`` (n,) class indices with
    -1 for none, ``further`` (n, m) of works with several. The scores of a label are those of any
    of the work's labels (``share_labels``); the answer is the model's own.
    """
    own, raw = probabilities, uncalibrated
    probabilities = share_labels(own, labels, further)
    uncalibrated = share_labels(raw, labels, further)
    names = np.array(classes, dtype=object)
    best = own.argmax(axis=1)
    p_given, before = take_given(probabilities, labels), take_given(uncalibrated, labels)
    has_label = labels >= 0
    return pd.DataFrame(
        {
            "given": pd.Series(np.where(has_label, names[labels], None), dtype="str"),
            "predicted": pd.Series(names[best], dtype="str"),
            "p_given": p_given,
            "confidence": own.max(axis=1),
            "loss": _lose(p_given),
            "margin": p_given - _best_other(probabilities, labels),
            "adjusted_margin": compute_adjusted_margin(probabilities, labels),
            "entropy": compute_entropy(own),
            "rank": pd.array(
                np.where(has_label, (probabilities > p_given[:, None]).sum(axis=1) + 1, np.nan),
                dtype="Int32",
            ),
            "loss_uncalibrated": _lose(before),
            "confidence_uncalibrated": raw.max(axis=1),
            "margin_uncalibrated": before - _best_other(uncalibrated, labels),
            "entropy_uncalibrated": compute_entropy(raw),
        }
    )


def compute_entropy(probabilities: np.ndarray) -> np.ndarray:
    """(n,) Shannon entropy over ln K: 0 is certain, 1 is uniform."""
    logs = np.log(np.maximum(probabilities, np.finfo(np.float64).tiny))
    entropy: np.ndarray = -(probabilities * logs).sum(axis=1)
    share: np.ndarray = entropy / max(np.log(probabilities.shape[1]), 1e-9)
    return share


def compute_adjusted_margin(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(n,) class-adjusted normalised margin, 0 to 1, low is suspicious; NaN where label is -1.

    A label quality score: each class's mean self-confidence is taken off its probabilities, which
    are shifted above 0 and made to sum to 1 again; then (given - best other + 1) / 2. A class
    without labels keeps the mean of the others. Source: Kuan & Mueller, "Model-agnostic label
    quality scoring to detect real-world label errors" (ICML DataPerf workshop 2022).
    """
    usual = compute_self_confidence(probabilities, labels)
    known = usual[~np.isnan(usual)]
    usual[np.isnan(usual)] = known.mean() if len(known) else 0.0
    adjusted = probabilities - usual + usual.max()
    adjusted /= adjusted.sum(axis=1, keepdims=True)
    margin: np.ndarray = take_given(adjusted, labels) - _best_other(adjusted, labels)
    return (margin + 1) / 2


def _lose(p_given: np.ndarray) -> np.ndarray:
    losses: np.ndarray = -np.log(np.maximum(p_given, np.finfo(np.float64).tiny))
    return losses


def _best_other(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    others = np.array(probabilities, dtype=np.float64)
    labelled = np.flatnonzero(labels >= 0)
    others[labelled, labels[labelled]] = -np.inf
    best: np.ndarray = others.max(axis=1)
    return best
