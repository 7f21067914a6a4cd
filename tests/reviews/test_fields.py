"""Verdicts of a log on the labels that a run has."""

from __future__ import annotations

import pandas as pd

from core.label_word import STYLE, name_labels
from core.reviews.fields import note_other_fields, take_own

LOG = pd.DataFrame(
    {
        "key": list("abcde"),
        "task": pd.Series(["style", "school", "genre", "artist", "school"], dtype="str"),
    }
)
SCHOOL, GENRE = name_labels("school"), name_labels("genre")


def test_a_run_takes_its_own_by_its_own_tasks() -> None:
    own = take_own(LOG, SCHOOL)
    assert own["key"].tolist() == list("bcde")
    assert own["task"].tolist() == ["style", "genre", "artist", "style"]
    styles = take_own(LOG, STYLE)
    assert dict(zip(styles["key"], styles["task"], strict=True)) == {
        **{"a": "style", "c": "genre", "d": "artist"}
    }


def test_labels_called_genre_are_those_that_the_run_checks() -> None:
    own = take_own(LOG, GENRE)
    assert dict(zip(own["key"], own["task"], strict=True)) == {"c": "style", "d": "artist"}


def test_none_of_an_empty_log() -> None:
    assert take_own(LOG[:0], SCHOOL).empty
    assert note_other_fields(LOG[:0], SCHOOL) == []


def test_the_others_are_counted_and_named() -> None:
    (note,) = note_other_fields(LOG, STYLE)
    assert note.startswith("2 verdicts on labels of another name left aside: school.")
    assert note_other_fields(LOG[LOG["task"] == "genre"], SCHOOL) == []
