"""A queue for the writers of one process, with bounded waits."""

from __future__ import annotations

from threading import Lock

from core.reviews.errors import ReviewsError


class Turn:
    """A lock as a context manager; raises ``ReviewsError`` after ``seconds`` in the queue."""

    def __init__(self, seconds: float) -> None:
        self._lock, self._seconds = Lock(), seconds

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=self._seconds):
            raise ReviewsError(
                "Others are writing; this was not recorded",
                found=f"no turn within {self._seconds:g} s",
                remedy="Give it again in a moment.",
            )

    def __exit__(self, *_: object) -> None:
        self._lock.release()
