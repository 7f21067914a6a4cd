"""A new set of two, from the form on the page of sets."""

from __future__ import annotations

import pytest

from core.reviews import ReviewLog
from dashboard.views.sets.combine import WAYS
from tests.dashboard.pages import open_as, press


@pytest.mark.parametrize(
    ("how", "expected"), [("either", [2, 3, 0, 1]), ("both", [2]), ("first", [3])]
)
def test_two_sets_become_a_third(
    log: ReviewLog, keys: list[str], how: str, expected: list[int]
) -> None:
    log.sets.save("Older", keys[:3], "Bo", "synthetic-1")
    log.sets.save("Newer", keys[2:4], "Bo", "synthetic-1")
    app = open_as("Ada", "sets")
    app.radio(key="combine.how").set_value(how)
    app.text_input(key="combine.name").set_value("Third")
    press(app, "Save it")
    third = log.sets.load()[0]
    assert (third.name, third.reviewer) == ("Third", "Ada")
    assert third.keys == tuple(keys[row] for row in expected)
    assert set(WAYS) == {"either", "both", "first"}


def test_a_set_of_nothing_is_refused_in_place(log: ReviewLog, keys: list[str]) -> None:
    log.sets.save("Older", keys[:1], "Bo", "synthetic-1")
    log.sets.save("Newer", keys[1:2], "Bo", "synthetic-1")
    app = open_as("Ada", "sets")
    app.radio(key="combine.how").set_value("both")
    app.text_input(key="combine.name").set_value("Third")
    press(app, "Save it")
    assert "without paintings" in app.error[0].value
    assert len(log.sets.load()) == 2


def test_one_set_cannot_be_combined(log: ReviewLog, keys: list[str]) -> None:
    log.sets.save("Only", keys[:1], "Bo", "synthetic-1")
    assert not any(each.label == "Combine two sets" for each in open_as("Ada", "sets").expander)


def test_notes_are_listed_on_the_card(log: ReviewLog, keys: list[str]) -> None:
    made = log.sets.save("Doubts", keys[:2], "Bo", "synthetic-1")
    log.sets.put(made.id, keys[:1], "compare with the other version", "Ada")
    assert [each.label for each in open_as("Ada", "sets").expander] == ["1\u00a0note"]
