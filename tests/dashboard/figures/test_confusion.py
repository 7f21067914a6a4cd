"""The confusion matrix, by the data it holds."""

import numpy as np
import pytest

from core.artifacts import Run
from dashboard.figures.confusion import (
    INK,
    LIGHT,
    build_confusion,
    compute_confusion,
    list_confusions,
)


def test_confusion_counts_labelled_paintings(run: Run) -> None:
    classes = run.classes("genre")
    predictions = run.predictions("genre")
    counts = compute_confusion(predictions, classes)
    assert counts.sum() == predictions["given"].notna().sum()
    agreed = (predictions["given"] == predictions["predicted"]).sum()
    assert np.trace(counts) == agreed


def test_confusion_rows_sum_to_one_and_hover_gives_counts() -> None:
    counts = np.array([[3, 1, 0], [0, 0, 0], [2, 2, 4]])
    heat, *_, marks = build_confusion(counts, ("a", "b", "c")).data
    np.testing.assert_allclose(np.asarray(heat.z).sum(axis=1), [1, 0, 1])
    assert list(heat.x) == ["A", "B", "C"]
    assert ["c", "b", 2, 8] in list(map(list, marks.customdata))


@pytest.mark.parametrize("dark", [False, True])
def test_a_figure_stands_out_from_its_cell(dark: bool) -> None:
    counts = np.array([[98, 1, 1], [30, 60, 10], [0, 0, 5]])
    _, written, _ = build_confusion(counts, ("a", "b", "c"), dark).data
    assert list(written.text) == ["98%", "30%", "60%", "10%", "100%"]  # under 2 % none is written
    faint = LIGHT if dark else INK
    assert list(written.textfont.color) == [LIGHT, faint, LIGHT, faint, LIGHT]


def test_every_cell_with_paintings_can_be_clicked_and_no_other() -> None:
    classes = tuple(f"style_{place}" for place in range(27))
    counts = np.eye(27, dtype=int)
    counts[3, 5] = 2
    marks = build_confusion(counts, classes).data[-1]
    cells = {(given, predicted) for given, predicted, *_ in marks.customdata}
    assert cells == {(name, name) for name in classes} | {("style_3", "style_5")}
    assert len(marks.x) == len(cells)


def test_the_commonest_mistakes_come_first() -> None:
    counts = np.array([[3, 1, 0], [0, 0, 0], [2, 3, 4]])
    found = list_confusions(counts, ("a", "b", "c"), top=2)
    assert found == [("c", "b", 3, 3 / 9), ("c", "a", 2, 2 / 9)]
