"""The figure of training, by the data it holds."""

import pytest

from core.artifacts import Run
from dashboard.figures.training import MEASURES, build_training


@pytest.mark.parametrize("measure", MEASURES)
def test_training_has_a_line_a_fold_that_measured_it(run: Run, measure: str) -> None:
    names = [trace.name for trace in build_training(run.history, measure).data]
    published = ["Published model"] if measure == "train_loss" else []
    assert names == ["Fold 1", "Fold 2", *published]
