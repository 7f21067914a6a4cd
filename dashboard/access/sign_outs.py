"""Sessions that were signed out: refused at once here, within a second by other servers.

They are stored in the database of verdicts. If it cannot be written, only this server knows of
them, until it restarts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from core.reviews import ReviewLog, ReviewsError
from dashboard.event_log import tell

FRESH_SECONDS: Final = 1.0
PATIENCE: Final = 2.0  # seconds that a request waits while another one asks the database


class SignedOut:
    """Safe to share between threads. ``find_log`` may raise ``ReviewsError``."""

    def __init__(self, find_log: Callable[[], ReviewLog]) -> None:
        self._find_log, self._lock = find_log, Lock()
        self._own: set[str] = set()
        self._known: frozenset[str] = frozenset()
        self._looked = float("-inf")

    def add(self, session: str) -> None:
        """Ends ``session``."""
        self._own.add(session)
        try:
            self._find_log().sign_outs.add(session)
        except ReviewsError as error:
            tell("sign-out not recorded", reason=type(error).__name__)

    def holds(self, session: str) -> bool:
        """Whether ``session`` was signed out; as of a second ago where another server did it."""
        if session in self._own:
            return True
        if time.monotonic() - self._looked >= FRESH_SECONDS and self._lock.acquire(
            timeout=PATIENCE
        ):
            try:
                self._look()
            finally:
                self._lock.release()
        return session in self._known

    def _look(self) -> None:
        if time.monotonic() - self._looked < FRESH_SECONDS:  # another thread just did
            return
        try:
            self._known = self._find_log().sign_outs.load()
        except ReviewsError as error:  # sign-outs already known stay known
            tell("sign-outs not read", reason=type(error).__name__)
        self._looked = time.monotonic()
