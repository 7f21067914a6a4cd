"""Precision and pace, against known answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from core.reviews.log import build_table
from core.reviews.progress import (
    compute_precision,
    measure_pace,
    measure_streak,
)
from tests.reviews.conftest import say

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_the_interval_is_that_of_wilson() -> None:
    verdicts = ["wrong"] * 8 + ["right"] * 2
    found = compute_precision(build_table(say(f"{n}.jpg", v) for n, v in enumerate(verdicts)))
    assert (found.hits, found.count, found.value) == (8, 10, 0.8)
    # as in Brown, Cai & DasGupta (2001)
    assert (found.low, found.high) == pytest.approx((0.490, 0.943), abs=0.001)


def test_precision_counts_right_and_wrong_only() -> None:
    verdicts = ("wrong", "right", "outlier", "unsure", "bad image")
    found = compute_precision(build_table(say(f"{v}.jpg", v) for v in verdicts))
    assert (found.hits, found.count) == (1, 3)
    twice = [say(f"{v}.jpg", v, who) for v in verdicts for who in ("Ada", "Bo")]
    assert compute_precision(build_table(twice)) == found  # labels are counted, not reviewers
    assert np.isnan(compute_precision(build_table([])).value)


def test_what_was_settled_is_as_it_was_settled() -> None:
    late = datetime.now(UTC) + timedelta(minutes=1)
    told = [say(verdict="wrong"), say(verdict="wrong", reviewer="Bo"), say(reviewer="Cy")]
    assert compute_precision(build_table(told)).hits == 1
    told[2] = say(reviewer="Cy", settles="yes", time=late)
    found = compute_precision(build_table(told))
    assert (found.hits, found.count) == (0, 1)


def times(*minutes: float) -> pd.Series:
    return pd.Series([NOON + timedelta(minutes=minute) for minute in minutes])


def test_pace_and_streak_leave_pauses_out() -> None:
    sitting = times(0, 0.5, 1, 60, 60.25, 60.75, 61.25)
    assert measure_pace(sitting) == 30
    assert measure_streak(sitting) == 4
    assert measure_pace(times(0)) is None
    assert measure_streak(times()) == 0
