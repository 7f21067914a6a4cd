"""A queue for the writers of one process, with bounded waits."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Lock

from core.reviews.errors import ReviewsError
from core.turns import hold

Turn = Callable[[], AbstractContextManager[None]]


def form_queue(seconds: float) -> Turn:
    """What gives one writer at a time a turn; raises ``ReviewsError`` after ``seconds``."""
    lock = Lock()

    def take_turn() -> AbstractContextManager[None]:
        return hold(
            lock,
            seconds,
            ReviewsError(
                "Others are writing; this was not recorded",
                found=f"no turn within {seconds:g} s",
                remedy="Give it again in a moment.",
            ),
        )

    return take_turn
