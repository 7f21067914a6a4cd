"""How accurate the model is on one task, beside trivial baselines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score, precision_recall_fscore_support, top_k_accuracy_score

from core.findings.labels.calibration import compare_calibration
from core.findings.labels.reliability import compute_reliability


def compute_metrics(
    probabilities: np.ndarray,
    uncalibrated: np.ndarray,
    labels: np.ndarray,
    classes: tuple[str, ...],
) -> dict[str, Any]:
    """Figures of one task over its labelled, scored paintings; all fractions 0 to 1.

    ``calibration`` holds the columns of ``compare_calibration``, ``before`` and ``after``.

    ``probabilities`` and ``uncalibrated`` (n, K), ``labels`` (n,) class indices, none missing.
    """
    predicted = probabilities.argmax(axis=1)
    return {
        "paintings": len(labels),
        "accuracy": float((predicted == labels).mean()),
        "top3": _top_k(probabilities, labels, 3),
        "macro_f1": float(f1_score(labels, predicted, average="macro", zero_division=0)),
        "majority_accuracy": float(np.bincount(labels).max() / len(labels)),
        "calibration": compare_calibration(uncalibrated, probabilities, labels).to_dict("index"),
        "reliability": _measure_reliability(probabilities, labels),
        "reliability_uncalibrated": _measure_reliability(uncalibrated, labels),
        "per_class": _per_class(labels, predicted, classes),
    }


def measure_unseen(
    probabilities: np.ndarray, uncalibrated: np.ndarray, judged: np.ndarray
) -> dict[str, Any]:
    """Figures of the witness that never saw the artist; fractions 0 to 1.

    ``probabilities`` and ``uncalibrated`` (N, K), ``judged`` (N,) class indices, -1 for none.
    """
    rows = np.flatnonzero(judged >= 0)
    labels, shown = judged[rows], probabilities[rows]
    hits = shown.argmax(axis=1) == labels
    if not len(rows):
        return {"paintings": 0, "accuracy": 0.0, "calibration": None}
    calibration = compare_calibration(uncalibrated[rows], shown, labels)
    return {
        "paintings": len(rows),
        "accuracy": float(hits.mean()),
        "calibration": calibration.to_dict("index"),
    }


def _measure_reliability(probabilities: np.ndarray, labels: np.ndarray) -> list[dict[Any, Any]]:
    correct = probabilities.argmax(axis=1) == labels
    return compute_reliability(probabilities.max(axis=1), correct).to_dict("records")


def compute_artist_majority_accuracy(
    artists: pd.Series, labels: np.ndarray, folds: np.ndarray
) -> float:
    """Accuracy of guessing each artist's most frequent style, without the picture.

    For each fold the guess is learned from all other paintings, including those that no fold scores
    (``folds`` below 0); an artist unseen there gets the most frequent style of all. What the model
    gains over this comes from the picture.
    """
    table = pd.DataFrame({"artist": artists.to_numpy(), "label": labels, "fold": folds})
    scored, hits = folds >= 0, 0
    for fold in np.unique(folds[scored]):
        known, held_out = table[table["fold"] != fold], table[table["fold"] == fold]
        if known.empty:
            continue
        guess = known.dropna(subset="artist").groupby("artist")["label"].agg(_mode)
        guessed = held_out["artist"].map(guess).fillna(_mode(known["label"]))
        hits += int((guessed == held_out["label"]).sum())
    return hits / max(int(scored.sum()), 1)


def _mode(values: pd.Series) -> int:
    return int(values.value_counts(sort=True).index[0])


def _top_k(probabilities: np.ndarray, labels: np.ndarray, k: int) -> float:
    classes = probabilities.shape[1]
    if classes <= k:
        return 1.0
    return float(top_k_accuracy_score(labels, probabilities, k=k, labels=np.arange(classes)))


def _per_class(
    labels: np.ndarray, predicted: np.ndarray, classes: tuple[str, ...]
) -> list[dict[str, Any]]:
    precision, recall, f1, support = precision_recall_fscore_support(
        labels, predicted, labels=np.arange(len(classes)), zero_division=0
    )
    return [
        {
            "class": name,
            "paintings": int(support[i]),
            "precision": float(precision[i]),
            "recall": float(recall[i]),
            "f1": float(f1[i]),
        }
        for i, name in enumerate(classes)
    ]
