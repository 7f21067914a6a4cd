"""The calibration figure, by the data it holds."""

from core.artifacts import Run
from dashboard.figures.calibration import build_calibration


def test_calibration_draws_the_runs_own_bins(run: Run) -> None:
    reliability = run.metrics["style"]["reliability"]
    before = [row | {"accuracy": row["accuracy"] / 2} for row in reliability]
    _, drawn_before, model = build_calibration(reliability, before).data
    assert list(model.y) == [row["accuracy"] for row in reliability]
    assert list(drawn_before.y) == [row["accuracy"] for row in before]
