"""Two runs side by side: what vanished, what is new, and accuracy on the same paintings."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.views.compare.comparison import (
    find_changes,
    measure_answers,
    measure_styles,
    pair_runs,
)
from tests.dashboard.pages import open_page, rerun, text_of
from tests.synthetic_run import build_run


def table(**columns: list) -> pd.DataFrame:
    base = {
        "key": ["a", "b", "c", "d"],
        "given": ["Cubism", "Cubism", "Baroque", "Baroque"],
        "predicted": ["Cubism", "Baroque", "Baroque", "Cubism"],
        "confidence": 0.9,
        "quadrant": ["typical", "genuine outlier", "typical", "hard example"],
        "score": [0.1, 0.9, 0.2, 0.8],
    }
    return pd.DataFrame(base | columns)


def test_only_paintings_of_both_are_paired_by_key() -> None:
    after = table(key=["d", "c", "b", "new"])
    pairs = pair_runs(table(), after)
    assert pairs["key"].tolist() == ["b", "c", "d"]
    assert pairs["row_after"].tolist() == [2, 1, 0]


def test_findings_that_vanish_and_appear() -> None:
    after = table(
        given=["Cubism", "Baroque", "Baroque", "Baroque"],
        quadrant=["genuine outlier", "typical", "typical", "genuine outlier"],
    )
    changes = find_changes(pair_runs(table(), after))
    found = {name: pairs["key"].tolist() for name, pairs in changes.items()}
    assert found == {"vanished": ["b"], "new": ["a"], "relabelled": ["b"]}


def test_a_run_beside_itself_has_changed_nothing() -> None:
    changes = find_changes(pair_runs(table(), table()))
    assert all(pairs.empty for pairs in changes.values())


def test_a_painting_without_a_label_in_both_was_not_relabelled() -> None:
    blank = table(given=[None, "Cubism", "Baroque", "Baroque"])
    assert find_changes(pair_runs(blank, blank))["relabelled"].empty


def test_answers_are_measured_by_both_sets_of_labels() -> None:
    after = table(given=["Cubism", "Baroque", "Baroque", "Cubism"])
    accuracy = measure_answers(pair_runs(table(), after))
    assert accuracy == {
        "before": {"before": 0.5, "after": 0.5},
        "after": {"before": 1.0, "after": 1.0},
    }


def test_what_one_run_has_not_judged_counts_for_neither() -> None:
    after = table(predicted=["Cubism", None, None, None])
    accuracy = measure_answers(pair_runs(table(), after))
    assert accuracy["after"] == {"before": 1.0, "after": 1.0}
    nothing = table(predicted=[None] * 4)
    assert np.isnan(measure_answers(pair_runs(nothing, nothing))["after"]["after"])


def test_styles_come_with_the_largest_change_first() -> None:
    after = table(predicted=["Cubism", "Baroque", "Baroque", "Baroque"])
    styles = measure_styles(pair_runs(table(), after))
    assert styles["style"].tolist() == ["Baroque", "Cubism"]
    assert styles["gain"].tolist() == pytest.approx([0.5, 0.0])
    assert styles["paintings"].tolist() == [2, 2]


@pytest.mark.usefixtures("root")
def test_a_lone_run_says_how_to_get_another() -> None:
    assert "--verdicts verdicts.csv" in text_of(open_page("compare"))
    app = open_page("compare", other="gone")
    assert app.toast[0].value == "Run gone in this link is not here, or not of styles."


def test_without_a_link_it_compares_with_the_newest_run_of_the_same_collection(root: Path) -> None:
    for age, name in ((300, "Synthetic"), (200, "Synthetic"), (100, "Elsewhere")):
        folder = build_run(root, f"run-{age}", paintings=40, seed=1, name=name)
        os.utime(folder / "manifest.json", (time.time() - age, time.time() - age))
    assert open_page("compare", run="run-300").query_params["other"] == "run-200"
    assert open_page("compare", run="run-100").query_params["other"] != "run-100"


def test_the_page_compares_with_the_run_of_the_link(root: Path) -> None:
    build_run(root, "synthetic-2", paintings=60, seed=1)
    build_run(root, "synthetic-3", paintings=40, seed=2, name="third")
    app = open_page("compare", run="synthetic-1", other="synthetic-2")
    text = text_of(app)
    assert "Style by style" in text
    assert "Findings gone" in text
    assert app.query_params["other"] == "synthetic-2"
    app.selectbox(key="widget.other").set_value("synthetic-3")
    assert rerun(app).query_params["other"] == "synthetic-3"
    assert not app.toast


def test_a_link_to_a_run_that_cannot_be_compared_says_so(root: Path) -> None:
    build_run(root, "synthetic-2", paintings=40, seed=1)
    app = open_page("compare", run="synthetic-1", other="*gone*")
    assert [toast.value for toast in app.toast] == [
        "Run \\*gone\\* in this link is not here, or not of styles: another is compared."
    ]
    assert app.query_params["other"] == "synthetic-2"
    assert "Style by style" in text_of(app)
    assert not open_page("compare", run="synthetic-1", other="synthetic-1").toast
