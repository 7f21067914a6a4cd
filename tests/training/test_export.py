"""When an exported graph counts as answering as the model does."""

from __future__ import annotations

import numpy as np

from core.training.export import TOLERANCE, find_swaps

TINY = TOLERANCE / 4


def test_a_near_tie_stops_nothing() -> None:
    ours = np.array([[0.4 + TINY, 0.4, 0.2 - TINY], [0.5, 0.3, 0.2]])
    theirs = np.array([[0.4, 0.4 + TINY, 0.2 - TINY], [0.5, 0.3, 0.2]])
    assert not find_swaps(ours, theirs).any()


def test_a_clear_answer_that_changes_is_found() -> None:
    ours = np.array([[0.4 + 2 * TOLERANCE, 0.4, 0.2], [0.4, 0.4, 0.2]])
    theirs = np.array([[0.4, 0.4 + 2 * TOLERANCE, 0.2], [0.4, 0.4, 0.2]])
    assert find_swaps(ours, theirs).tolist() == [True, False]


def test_one_class_is_always_first() -> None:
    assert not find_swaps(np.ones((3, 1)), np.ones((3, 1))).any()
