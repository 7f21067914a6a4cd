"""Acknowledged verdicts survive a SIGKILL; the hundred kills are in bench.durability."""

import random

import pytest

from bench.durability import check_soundness, measure_reviewers, run_kills

pytestmark = pytest.mark.slow


def test_no_acknowledged_verdict_is_lost_to_a_kill(place: str) -> None:
    killed = run_kills(place, 3, random.Random(1))
    assert len(killed.acknowledged) >= 3
    assert killed.lost == killed.doubled == 0
    assert killed.acknowledged <= set(killed.rows)
    check_soundness(place)


def test_processes_of_reviewers_lose_and_double_nothing(place: str) -> None:
    table = measure_reviewers(place, reviewers=8, verdicts=5)
    given, lost, doubled = (next(iter(table.columns[n].cells)) for n in (1, 2, 3))
    assert (given, lost, doubled) == ("40", "0", "0")
