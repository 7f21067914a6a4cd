"""Verdicts that the real server acknowledged survive its SIGKILL; the hundred are in bench."""

import random
from pathlib import Path

import pytest

from bench.server_kills import run_kills

pytestmark = [pytest.mark.slow, pytest.mark.server]


def test_no_acknowledged_verdict_is_lost_to_a_kill_of_the_server(
    built: Path, tmp_path: Path
) -> None:
    tally = run_kills(built, str(tmp_path / "reviews.sqlite"), 2, 3, random.Random(1))
    assert len(tally.acknowledged) >= 3
    assert set(tally.acknowledged) <= set(tally.rows)
    assert tally.lost == tally.doubled == 0
