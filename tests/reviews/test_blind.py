"""Whose verdicts a reviewer may see."""

from __future__ import annotations

import pytest

from core.reviews.blind import find_seen
from core.reviews.log import build_table
from tests.reviews.conftest import say

ROWS = build_table(
    [
        say("a.jpg", "right", "Ada"),
        say("a.jpg", "wrong", "Bo"),
        say("a.jpg", "wrong", "Bo", task="genre"),
        say("b.jpg", "right", "Bo"),
        say("b.jpg", "unsure", "Cy"),
    ]
)


@pytest.mark.parametrize(
    ("reviewer", "seen"),
    [
        ("Ada", [True, True, False, False, False]),
        ("Bo", [True, True, True, True, True]),
        ("Cy", [False, False, False, True, True]),
        ("", [False] * 5),
        ("ada", [False] * 5),
    ],
)
def test_others_are_seen_where_one_has_judged(reviewer: str, seen: list[bool]) -> None:
    assert find_seen(ROWS, ROWS, reviewer).tolist() == seen


def test_history_follows_what_stands() -> None:
    history = ROWS[ROWS["key"] == "a.jpg"]
    undone = ROWS[ROWS["reviewer"] != "Ada"]  # her verdict was taken back
    assert find_seen(history, undone, "Ada").tolist() == [True, False, False]


def test_of_nothing_nothing_is_seen() -> None:
    assert find_seen(ROWS[:0], ROWS, "Ada").tolist() == []
    assert find_seen(ROWS, ROWS[:0], "Ada").tolist() == [True, False, False, False, False]
