"""What is reported of a task, and the baseline beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.findings.labels.metrics import (
    compute_artist_majority_accuracy,
    compute_metrics,
    measure_unseen,
)


def test_a_perfect_model_has_perfect_figures() -> None:
    labels = np.array([0, 1, 2, 3, 0])
    metrics = compute_metrics(np.eye(4)[labels], np.eye(4)[labels], labels, ("a", "b", "c", "d"))
    assert metrics["accuracy"] == metrics["top3"] == metrics["macro_f1"] == 1
    assert metrics["majority_accuracy"] == pytest.approx(0.4)
    assert metrics["calibration"]["after"]["calibration_error"] == 0
    assert [row["paintings"] for row in metrics["per_class"]] == [2, 1, 1, 1]


def test_a_witness_without_a_painting_has_no_figures() -> None:
    nobody = measure_unseen(np.eye(3), np.eye(3), np.full(3, -1))
    assert nobody == {"paintings": 0, "accuracy": 0.0, "calibration": None}


def test_the_baseline_knows_artists_only_from_other_folds() -> None:
    artists = pd.Series(["x", "x", "x", "x", "y", "z", "z"])
    labels = np.array([1, 1, 0, 1, 1, 0, 0])
    folds = np.array([0, 1, 0, 1, 1, 0, 1])
    # Fold 1 teaches x -> 1 and z -> 0, which misses row 2 of fold 0. Fold 0 teaches z -> 0, and x
    # -> 1 (a tie, which the first seen wins); y is unknown there, gets 0, and row 4 is missed.
    assert compute_artist_majority_accuracy(artists, labels, folds) == pytest.approx(5 / 7)


def test_an_unseen_artist_gets_the_commonest_class() -> None:
    artists = pd.Series(["a", "b", "c", None])
    accuracy = compute_artist_majority_accuracy(artists, np.array([1, 1, 1, 1]), np.arange(4))
    assert accuracy == 1


def test_the_baseline_learns_from_what_no_fold_scores() -> None:
    artists = pd.Series(["x", "x", "y", "y"])
    accuracy = compute_artist_majority_accuracy(
        artists, np.array([1, 1, 0, 0]), np.array([-1, 0, -1, 0])
    )
    assert accuracy == 1
