"""What may be recorded at all."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from core.reviews import VerdictRefused
from core.reviews.entry import list_verdicts
from tests.reviews.conftest import say


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"verdict": "maybe"}, "maybe"),
        ({"verdict": "several hands"}, "a verdict on an artist"),
        ({"task": "<colour>"}, "<colour>"),
        ({"reviewer": "  "}, "reviewer"),
        ({"reviewer": "x" * 321}, "reviewer"),
        ({"note": "x" * 2001}, "2001 characters"),
        ({"key": ""}, "key"),
        ({"verdict": "right", "proposed": "Baroque"}, "Baroque"),
        ({"verdict": "wrong", "proposed": "Cubism"}, "another than the given one"),
        ({"time": datetime(2026, 1, 1)}, "time zone"),
    ],
)
def test_what_is_no_verdict_is_refused_by_name(change: dict, named: str) -> None:
    with pytest.raises(VerdictRefused, match=named):
        say(**change)


def test_an_artist_may_be_one_of_several_hands() -> None:
    assert say(verdict="several hands", task="artist", given="Hals").verdict == "several hands"
    assert "several hands" in list_verdicts("artist")
    assert "several hands" not in list_verdicts("style")


def test_times_are_kept_in_utc_and_names_trimmed() -> None:
    local = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=5)))
    entry = say(time=local, reviewer=" Ada ")
    assert entry.time == local
    assert entry.time.tzinfo is UTC
    assert entry.reviewer == "Ada"


def test_a_wrong_label_may_come_without_a_better_one() -> None:
    assert say(verdict="wrong").proposed is None
