"""Turns with bounded waits."""

from __future__ import annotations

from threading import BoundedSemaphore, Lock

import pytest

from core.errors import UserError
from core.turns import hold


@pytest.mark.parametrize("make", [Lock, BoundedSemaphore])
def test_a_turn_is_given_back_even_by_a_block_that_fails(make: type) -> None:
    lock = make()
    for _ in range(3):
        with pytest.raises(ValueError, match="of the block"), hold(lock, 0, UserError("late")):
            raise ValueError("of the block")


def test_who_waits_too_long_is_told_and_takes_no_turn() -> None:
    lock = Lock()
    with hold(lock, 0, UserError("first")):
        with (
            pytest.raises(UserError, match="still busy"),
            hold(lock, 0.01, UserError("still busy")),
        ):
            pytest.fail("two at once")
        assert lock.locked()
    assert not lock.locked()
