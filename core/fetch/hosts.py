"""What is asked of one host at once, when it asks to be left alone, and when it is given up."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from core.fetch.errors import Refusal
from core.fetch.limits import Limits
from core.text import format_seconds


class Host:
    """One host. At most ``limits.per_host`` requests are open at once, none while it rests."""

    def __init__(self, name: str, limits: Limits, stop: threading.Event) -> None:
        self.name, self._limits, self._stop = name, limits, stop
        self._slots = threading.Semaphore(limits.per_host)
        self._lock = threading.Lock()
        self._rests_until = 0.0
        self._absences = 0
        self._given_up = ""

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Holds one of the slots; waits for it, and for the end of a rest.

        Raises ``Refusal`` for a host that was given up, and once all is to stop.
        """
        self._wait_for_rest()  # outside: one that rests holds no slot
        with self._slots:
            self._wait_for_rest()
            if self._given_up:
                raise Refusal(self._given_up)
            yield

    def rest(self, seconds: float) -> None:
        """Asks nothing of the host for ``seconds``; gives it up where that is beyond patience."""
        with self._lock:
            if seconds > self._limits.patience:
                self._given_up = f"{self.name} asks to come back in {format_seconds(seconds)}"
            else:
                self._rests_until = max(self._rests_until, time.monotonic() + seconds)

    def note(self, *, answered: bool) -> None:
        """Whether the last picture brought an answer; gives the host up after many without."""
        with self._lock:
            self._absences = 0 if answered else self._absences + 1
            if self._absences >= self._limits.absences:
                self._given_up = f"{self.name} does not answer"

    def _wait_for_rest(self) -> None:
        while (left := self._rests_until - time.monotonic()) > 0 and not self._given_up:
            if self._stop.wait(left):
                break
        if self._stop.is_set():
            raise Refusal("stopped")


class Hosts:
    """Every host that is asked, by name; safe in threads."""

    def __init__(self, limits: Limits, stop: threading.Event) -> None:
        self.limits, self.stop = limits, stop
        self._hosts: dict[str, Host] = {}
        self._lock = threading.Lock()

    def of(self, name: str) -> Host:
        """The host ``name``, in any case."""
        plain = name.casefold()
        with self._lock:
            if plain not in self._hosts:
                self._hosts[plain] = Host(plain, self.limits, self.stop)
            return self._hosts[plain]
