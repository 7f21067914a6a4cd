"""The paintings most like a picture: in a link, as a filter, and as an order."""

from __future__ import annotations

import numpy as np
import pytest

from core.label_word import STYLE
from dashboard.runs.open_run import OpenRun
from dashboard.selection.filters import describe_filters
from dashboard.selection.likeness import (
    LIKE,
    LIKENESS,
    MOST_ALIKE,
    format_alike,
    parse_alike,
)
from dashboard.selection.select import select
from dashboard.selection.state import State, decode, encode

ALIKE = {LIKE: ("7.3.41",)}


def test_a_link_keeps_their_order() -> None:
    assert format_alike(np.array([7, 3, 41])) == "7.3.41"
    assert parse_alike(["7.3.41"], 60).tolist() == [7, 3, 41]
    long = format_alike(range(MOST_ALIKE + 5))
    assert len(parse_alike([long], 1_000)) == MOST_ALIKE
    state = State(filters=ALIKE, order=LIKENESS)
    assert decode(encode(state)) == state


@pytest.mark.parametrize("text", ["", ".", "a.b", "-1", "60", "9" * 400, "1e3", "٣" * 20])
def test_what_is_no_row_of_the_run_is_left_out(text: str) -> None:
    assert parse_alike([text], 60).tolist() == []
    assert parse_alike([f"5.{text}.5"], 60).tolist() == [5]


def test_they_are_what_is_shown_in_their_order_within_other_filters(opened: OpenRun) -> None:
    assert select(opened, State(filters=ALIKE, order=LIKENESS)).rows.tolist() == [7, 3, 41]
    assert sorted(select(opened, State(filters=ALIKE)).rows) == [3, 7, 41]
    given = str(opened.table["given"].iloc[3])
    both = select(opened, State(filters=ALIKE | {"given": (given,)}, order=LIKENESS)).rows
    assert both.tolist() == [row for row in (7, 3, 41) if opened.table["given"].iloc[row] == given]


def test_without_a_picture_the_order_is_the_usual_one(opened: OpenRun) -> None:
    usual = select(opened, State()).rows.tolist()
    assert select(opened, State(order=LIKENESS)).rows.tolist() == usual
    assert select(opened, State(filters={LIKE: ("999",)}, order=LIKENESS)).rows.tolist() == []


def test_a_sheet_says_what_it_shows(opened: OpenRun) -> None:
    assert describe_filters(opened.table, ALIKE, {}, STYLE) == "Most alike: 3\u00a0paintings"
