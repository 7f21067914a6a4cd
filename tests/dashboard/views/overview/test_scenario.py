"""One set beside the whole: its figures against a count by hand, and the limits of a small one."""

from __future__ import annotations

import numpy as np
import pytest

from core.reviews import ReviewLog
from dashboard.runs.open_run import OpenRun
from dashboard.views.overview.scenario import ENOUGH, measure_quality
from tests.dashboard.pages import open_as, rerun, text_of


def test_the_whole_agrees_with_what_the_run_measured(opened: OpenRun) -> None:
    found = measure_quality(opened.table, np.arange(len(opened.table)))
    metrics = opened.run.metrics["style"]
    assert found is not None
    assert found.paintings == metrics["paintings"]
    assert found.accuracy == pytest.approx(metrics["accuracy"])
    after = metrics["calibration"]["after"]["calibration_error"]
    assert found.calibration_error == pytest.approx(after, abs=1e-6)


def test_a_part_is_counted_by_hand(opened: OpenRun) -> None:
    rows = np.arange(0, 60, 4)
    found = measure_quality(opened.table, rows)
    part = opened.table.iloc[rows]
    part = part[part["loss"].notna()]
    right = int((part["given"].astype(object) == part["predicted"].astype(object)).sum())
    assert found is not None
    assert (found.paintings, found.hits) == (len(part), right)
    assert found.interval[0] <= found.accuracy <= found.interval[1]
    assert found.confidence == pytest.approx(part["confidence"].mean())


def test_nothing_is_measured_on_what_was_not_scored(opened: OpenRun) -> None:
    table = opened.table.assign(loss=np.nan)
    assert measure_quality(table, np.arange(5)) is None
    assert measure_quality(opened.table, np.array([], dtype=int)) is None


def test_a_set_is_chosen_on_overview_and_the_link_keeps_it(log: ReviewLog, keys: list[str]) -> None:
    large = log.sets.save("<b>Large</b>", keys[: ENOUGH + 10], "Bo", "synthetic-1")
    small = log.sets.save("Small", keys[:5], "Bo", "synthetic-1")
    app = open_as("Ada", "")
    assert "Mean confidence" not in text_of(app)
    app.selectbox(key="widget.scenario").set_value(large.id)
    text = text_of(rerun(app))
    assert app.query_params["set"] == large.id
    assert "The whole collection" in text
    assert "Mean confidence" in text
    link = text_of(open_as("Ada", "", set=small.id))
    assert "Mean confidence" in link
    assert f"from {ENOUGH} on" in link


@pytest.mark.usefixtures("log")
def test_without_sets_there_is_nothing_to_compare() -> None:
    assert "One set beside the whole" not in text_of(open_as("Ada", ""))
