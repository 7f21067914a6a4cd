"""Ticked paintings in a link."""

from __future__ import annotations

import pytest

from dashboard.selection.ticks import MOST_TICKED, format_ticks, parse_ticks


def test_ticks_come_back_as_they_were_once_each() -> None:
    assert format_ticks([7, 3, 7, 0], 10) == "0.3.7"
    assert parse_ticks("0.3.7", 10) == (0, 3, 7)


@pytest.mark.parametrize("text", ["", ".", "a.b", "-1", "٣" * 20, "9" * 400, "1e3"])
def test_what_is_no_row_is_left_out(text: str) -> None:
    assert parse_ticks(text, 10) == ()


def test_rows_of_a_larger_run_are_left_out_and_there_is_a_limit() -> None:
    assert parse_ticks("2.30", 10) == (2,)
    assert format_ticks([-1, 2, 10], 10) == "2"
    many = format_ticks(range(1000), 1000)
    assert len(parse_ticks(many)) == MOST_TICKED
