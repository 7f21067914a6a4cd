"""Turns at what only so many may use at once, with bounded waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Semaphore


@contextmanager
def hold(lock: Lock | Semaphore, seconds: float, late: Exception) -> Iterator[None]:
    """Holds ``lock`` during the block; raises ``late`` if it is not free within ``seconds``."""
    if not lock.acquire(timeout=seconds):
        raise late
    try:
        yield
    finally:
        lock.release()
