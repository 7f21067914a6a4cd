"""Retry-After in both forms, and waits that grow."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.fetch.waiting import choose_wait, read_retry_after

NOW = datetime(2015, 10, 21, 7, 27, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 60),
        ("Wednesday, 21-Oct-15 07:28:00 GMT", 60),
        ("Wed, 21 Oct 2015 07:20:00 GMT", 0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert read_retry_after(value, NOW) == seconds


def test_waits_double_and_differ() -> None:
    for tries in (1, 2, 5):
        waits = {choose_wait(tries, 0.5) for _ in range(50)}
        assert len(waits) > 1
        longest = 0.5 * 2 ** (tries - 1)
        assert all(longest / 2 <= wait <= longest for wait in waits)
