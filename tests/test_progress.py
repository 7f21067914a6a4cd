"""What the plain lines say, and when."""

from __future__ import annotations

import io
from typing import Any

import pytest

from core import progress
from core.progress import LiveStage, stage
from core.text import format_seconds


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


def run(clock: Clock, seconds: int, **options: Any) -> list[str]:
    """Lines of a stage of one unit a second."""
    out = io.StringIO()
    with stage("Fold 1 of 5", seconds, out=out, **options) as shown:
        for second in range(seconds):
            shown.describe(f"Fold 1 of 5, epoch {second // 60 + 1}")
            clock.now += 1
            shown.advance()
    return out.getvalue().splitlines()


def test_a_short_stage_says_that_it_is_done(clock: Clock) -> None:
    assert run(clock, 9) == ["Fold 1 of 5, epoch 1: 9/9 done in 9.0 s (1 paintings/s)"]


def test_lines_name_what_is_done_the_speed_and_the_time_left(clock: Clock) -> None:
    first, *_, last = run(clock, 100)
    assert first == "Fold 1 of 5, epoch 1: 10/100 1 paintings/s, 1 min 30 s left"
    assert last.startswith("Fold 1 of 5, epoch 2: 100/100 done")


def test_a_long_stage_says_less_and_less_often(clock: Clock) -> None:
    assert 30 < len(run(clock, 3600)) < 60
    assert len(run(clock, 12 * 3600)) < 200


def test_what_was_done_before_does_not_count_into_the_speed(clock: Clock) -> None:
    out = io.StringIO()
    with stage("Fold 1", 1000, out=out) as shown:
        shown.skip(900)
        clock.now += 10
        shown.advance(10)
        shown.skip(90)  # stopped early
    assert out.getvalue().splitlines() == [
        "Fold 1: 10/100 1 paintings/s, 1 min 30 s left",
        "Fold 1: 10/10 done in 10 s (1 paintings/s)",
    ]


def test_a_stage_with_nothing_left_to_do_says_nothing() -> None:
    out = io.StringIO()
    with stage("Fold 1", 100, out=out) as shown:
        shown.skip(100)
    assert out.getvalue() == ""


def test_processes_beside_the_main_one_say_nothing(clock: Clock) -> None:
    assert run(clock, 30, shown=False) == []


def test_a_terminal_gets_one_live_display() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    with stage("Fold 1", 100, out=out) as shown:
        assert isinstance(shown, LiveStage)
        shown.skip(50)
        shown.describe("Fold 1, frozen, epoch 2 of 12")
        shown.advance(50)
    assert "epoch 2 of 12" in out.getvalue()
    assert "50/50" in out.getvalue()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(3.21, "3.2 s"), (75, "1 min 15 s"), (59.6, "1 min 0 s"), (7260, "2 h 1 min")],
)
def test_seconds_are_said_as_people_say_them(seconds: float, text: str) -> None:
    assert format_seconds(seconds) == text
