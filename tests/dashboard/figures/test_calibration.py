"""The calibration figure, by the data it holds."""

import pandas as pd

from core.artifacts import Run
from dashboard.figures.calibration import build_calibration, build_comparison


def test_calibration_draws_the_runs_own_bins(run: Run) -> None:
    reliability = run.metrics["style"]["reliability"]
    before = [row | {"accuracy": row["accuracy"] / 2} for row in reliability]
    _, drawn_before, model = build_calibration(reliability, before).data
    assert list(model.y) == [row["accuracy"] for row in reliability]
    assert list(drawn_before.y) == [row["accuracy"] for row in before]


def test_a_set_is_drawn_beside_the_whole_under_its_name() -> None:
    part = pd.DataFrame({"confidence": [0.4, 0.9], "accuracy": [0.5, 1.0], "paintings": [4, 8]})
    whole = part.assign(accuracy=[0.3, 0.8], paintings=[40, 80])
    _, other, main = build_comparison(part, whole, "<b>Doubts</b>").data
    assert (list(main.y), list(other.y)) == ([0.5, 1.0], [0.3, 0.8])
    assert main.name == "&lt;b>Doubts&lt;/b>"
    assert other.name == "The whole collection"
