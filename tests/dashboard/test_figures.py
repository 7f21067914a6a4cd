"""Figures, by the data they hold."""

import numpy as np
import pandas as pd
import pytest

from core.artifacts import Run
from dashboard.data import OpenRun
from dashboard.figures.calibration import build_calibration
from dashboard.figures.confusion import build_confusion, compute_confusion, list_confusions
from dashboard.figures.palette import QUADRANT_COLOURS, mark_classes
from dashboard.figures.quadrants import build_quadrants, display_loss
from dashboard.figures.style_map import add_position, build_style_map
from dashboard.figures.training import MEASURES, build_training


def rows_of(figure: object) -> list[int]:
    traces = figure.data  # type: ignore[attr-defined]
    return sorted(int(r) for t in traces if t.customdata is not None for r in t.customdata)


def test_each_painting_is_one_point_of_its_quadrant(opened: OpenRun) -> None:
    figure = build_quadrants(opened.table, 1.6, 0.5)
    assert rows_of(figure) == list(opened.table.index)
    for trace in figure.data:
        if trace.customdata is not None:
            quadrant = opened.table.loc[list(trace.customdata), "quadrant"].unique()
            assert [trace.marker.color] == [QUADRANT_COLOURS[name] for name in quadrant]


def test_the_lines_stand_where_they_were_put(opened: OpenRun) -> None:
    shapes = build_quadrants(opened.table, 1.6, 0.25).layout.shapes
    assert {(s.x0, s.x1) for s in shapes} >= {(0.25, 0.25)}
    assert {(s.y0, s.y1) for s in shapes} >= {(1.6, 1.6)}


def test_no_point_lies_below_the_frontier(opened: OpenRun) -> None:
    figure = build_quadrants(opened.table, 1.6, 0.5)
    frontier = next(trace for trace in figure.data if trace.name == "Frontier")
    np.testing.assert_allclose(frontier.x, np.exp(-np.asarray(frontier.y)))
    for trace in figure.data:
        if trace.customdata is not None:
            assert (np.asarray(trace.x) >= np.exp(-np.asarray(trace.y)) - 1e-3).all()


def test_an_extreme_loss_is_drawn_at_the_ceiling() -> None:
    table = pd.DataFrame({"loss": [0.1] * 2000 + [700.0, np.nan]})
    drawn, ceiling = display_loss(table, 2.0)
    assert ceiling < 700
    assert drawn[-2] == ceiling
    assert np.isnan(drawn[-1])


def test_hover_texts_are_escaped(opened: OpenRun) -> None:
    table = opened.table.assign(title="<script>alert(1)</script>")
    texts = [text for trace in build_quadrants(table, 1.6, 0.5).data for text in trace.text or ()]
    assert texts
    assert not any("<script" in text for text in texts)


@pytest.mark.parametrize("colour", ["given", "predicted", "quadrant"])
def test_the_map_colours_what_is_shown_and_keeps_the_rest_as_ground(
    opened: OpenRun, colour: str
) -> None:
    shown = opened.table.index[:20]
    figure = build_style_map(opened.table, shown, colour, opened.run.classes("style"))
    assert rows_of(figure) == list(shown)
    assert sum(len(trace.x) for trace in figure.data) == len(opened.table)


def test_the_position_of_an_upload_is_marked(opened: OpenRun) -> None:
    figure = build_style_map(opened.table, opened.table.index, "given", ())
    marked = add_position(figure, np.array([0.5, -1.0]), "Your picture").data[-1]
    assert (marked.x, marked.y) == ((0.5,), (-1.0,))


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
    model = build_calibration(reliability).data[1]
    assert list(model.y) == [row["accuracy"] for row in reliability]


@pytest.mark.parametrize("measure", MEASURES)
def test_training_has_a_line_a_fold_that_measured_it(run: Run, measure: str) -> None:
    names = [trace.name for trace in build_training(run.history, measure).data]
    published = ["Published model"] if measure == "train_loss" else []
    assert names == ["Fold 1", "Fold 2", *published]


def test_27_classes_have_27_different_marks() -> None:
    marks = mark_classes(tuple(f"style {i}" for i in range(45)))
    assert len(set(marks.values())) == 45
