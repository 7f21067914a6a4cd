"""A class that a fold could not learn is not judged there, and that is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.artifacts import open_run
from core.export.lists import build_list
from core.findings.labels.reasons import tell
from core.training.judged import find_judged, find_learned, note_unjudged
from core.training.labels import Labels
from tests.training.conftest import paint_patterns, train_small

LABELS = Labels(
    classes={"style": ("a", "b", "c"), "artist": ("x", "y")},
    indices={
        "style": np.array([0, 0, 1, 1, 2, 2, -1, 0]),
        "artist": np.array([0, 0, 1, 1, 0, 0, 1, -1]),
    },
)
FOLD = np.array([0, 1, 0, 1, 0, 0, 1, -1])  # all of style c in the first; the last is not scored
TRAINING = [np.array([1, 3, 6]), np.array([0, 2, 4, 5])]
LEARNED = [find_learned(LABELS, rows) for rows in TRAINING]


def test_learned_is_what_was_shown() -> None:
    assert [list(each["style"]) for each in LEARNED] == [[True, True, False], [True, True, True]]


def test_a_class_absent_from_a_fold_is_not_judged_there() -> None:
    judged = find_judged(LABELS, FOLD, LEARNED)
    assert list(judged["style"]) == [0, 0, 1, 1, -1, -1, -1, -1]
    assert list(judged["artist"]) == [0, 0, 1, 1, 0, 0, 1, -1]
    (note,) = note_unjudged(LABELS, FOLD, LEARNED)
    assert note.startswith("The style of 2 paintings is not judged")
    assert note.endswith(": c.")


def test_a_task_that_no_fold_can_judge_is_said_as_a_whole() -> None:
    learned = [each | {"artist": np.array([False, False])} for each in LEARNED]
    assert list(find_judged(LABELS, FOLD, learned)["artist"]) == [0, 0, 1, 1, 0, 0, 1, -1]
    assert any(
        "scores of the artists say nothing" in n for n in note_unjudged(LABELS, FOLD, learned)
    )


@pytest.mark.slow
@pytest.mark.long
def test_a_style_whose_paintings_cannot_be_parted_is_kept_but_not_judged(tmp_path: Path) -> None:
    """Two copies of one picture are one group: no fold scores one and learns from the other."""
    data = paint_patterns(tmp_path / "data", works=6)
    (data / "Rare").mkdir()
    content = (data / "Noise" / "painter-a_noise-0-1900.jpg").read_bytes()
    (data / "Noise" / "painter-a_noise-0-1900.jpg").unlink()
    for name in ("painter-a_first-1950", "painter-a_second-1951"):
        (data / "Rare" / f"{name}.jpg").write_bytes(content)
    run = open_run(train_small(data, tmp_path, frozen_epochs=1, tuning_epochs=0))
    style = run.predictions("style")
    rare = run.paintings["given_style"] == "Rare"
    assert rare.sum() == 2
    assert style["loss"].isna().tolist() == rare.tolist()
    assert set(run.findings["quadrant"][rare]) == {"not judged"}
    assert run.findings["score"].isna().tolist() == rare.tolist()
    assert any("Rare" in note for note in run.manifest.collection.notes)


@pytest.mark.slow
@pytest.mark.long
def test_a_style_of_one_painting_is_not_judged_in_the_run_and_on_no_page(tmp_path: Path) -> None:
    """Its label stands in the collection, so it is not unlabelled, whatever the lines."""
    from dashboard.runs.open_run import OpenRun
    from dashboard.runs.table import build_table

    data = paint_patterns(tmp_path / "data", works=6)
    (data / "Alone").mkdir()
    picture = data / "Noise" / "painter-a_noise-0-1900.jpg"
    picture.rename(data / "Alone" / "painter-z_only-1950.jpg")
    run = open_run(train_small(data, tmp_path, frozen_epochs=1, tuning_epochs=0))
    (alone,) = np.flatnonzero(run.paintings["given_style"] == "Alone").tolist()
    assert "Alone" not in run.classes("style")
    assert run.findings.loc[alone, "quadrant"] == "not judged"
    (first, *_) = tell(run.read_reasons([alone])[0]).lines
    assert first.startswith("Labelled Alone; the model sees ")
    opened = OpenRun(run, build_table(run))
    for lines in [(0.0, 0.0), (0.5, 0.5), (9.0, 1.0)]:
        assert opened.place_quadrants(lines).loc[alone, "quadrant"] == "not judged"
    assert build_list(run, np.array([alone]), lines=(0.5, 0.5))["quadrant"].tolist() == [
        "not judged"
    ]
