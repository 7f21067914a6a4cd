"""Figures, by the data they hold."""

import numpy as np
import pytest

from core.artifacts import Run
from dashboard.figures.calibration import build_calibration
from dashboard.figures.confusion import build_confusion, compute_confusion, list_confusions
from dashboard.figures.training import MEASURES, build_training


def test_confusion_counts_labelled_paintings(run: Run) -> None:
    classes = run.classes("genre")
    predictions = run.predictions("genre")
    counts = compute_confusion(predictions, classes)
    assert counts.sum() == predictions["given"].notna().sum()
    agreed = (predictions["given"] == predictions["predicted"]).sum()
    assert np.trace(counts) == agreed


def test_confusion_rows_sum_to_one_and_hover_gives_counts() -> None:
    counts = np.array([[3, 1, 0], [0, 0, 0], [2, 2, 4]])
    heat = build_confusion(counts, ("a", "b", "c")).data[0]
    np.testing.assert_allclose(np.asarray(heat.z).sum(axis=1), [1, 0, 1])
    assert np.asarray(heat.customdata)[2, 1].tolist() == [2, 8]
    assert list(heat.x) == ["A", "B", "C"]


def test_the_commonest_mistakes_come_first() -> None:
    counts = np.array([[3, 1, 0], [0, 0, 0], [2, 3, 4]])
    found = list_confusions(counts, ("a", "b", "c"), top=2)
    assert found == [("c", "b", 3, 3 / 9), ("c", "a", 2, 2 / 9)]


def test_calibration_draws_the_runs_own_bins(run: Run) -> None:
    reliability = run.metrics["style"]["reliability"]
    before = [row | {"accuracy": row["accuracy"] / 2} for row in reliability]
    _, drawn_before, model = build_calibration(reliability, before).data
    assert list(model.y) == [row["accuracy"] for row in reliability]
    assert list(drawn_before.y) == [row["accuracy"] for row in before]


@pytest.mark.parametrize("measure", MEASURES)
def test_training_has_a_line_a_fold_that_measured_it(run: Run, measure: str) -> None:
    names = [trace.name for trace in build_training(run.history, measure).data]
    published = ["Published model"] if measure == "train_loss" else []
    assert names == ["Fold 1", "Fold 2", *published]
