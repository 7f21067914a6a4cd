"""Whether a server keeps answering while something is done to it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Final

import numpy as np

from tests.security import wire
from tests.security.museum import Museum

EVERY: Final = 0.05  # seconds between two questions
# Nothing may block the server's loop: one that is blocked stands still for seconds.
MOST: Final = 0.75
WORST: Final = 2.0


class Stopwatch:
    """Seconds that a server takes, whatever else the machine does meanwhile.

    Those in which a thread of the server or of this process waits for a processor are left out,
    where Linux tells them apart; one that sleeps, waits for a lock or was stopped waits for none.
    """

    def __init__(self, server: Museum) -> None:
        self._processes = (server.process.pid, os.getpid())
        self._begun, self._waits = time.perf_counter(), self._read_waits()

    def read(self) -> float:
        """Seconds since it was made; 0 or more."""
        passed = time.perf_counter() - self._begun
        waits = self._read_waits().items()
        waited = sum(wait - self._waits.get(thread, 0) for thread, wait in waits)
        return max(0.0, passed - waited / 1e9)

    def _read_waits(self) -> dict[Path, int]:
        """Nanoseconds that each thread has waited for a processor, by its file in ``/proc``."""
        waits = {}
        for process in self._processes:
            for thread in Path(f"/proc/{process}/task").glob("*/schedstat"):
                with suppress(OSError):  # it has ended
                    waits[thread] = int(thread.read_text().split()[1])
        return waits


@dataclass
class Pulse:
    """Seconds of each answer of ``/healthz``."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Fails unless 95 of 100 answers came within ``MOST`` seconds, and all within ``WORST``."""
        assert self.failures == []
        most, worst = float(np.quantile(self.seconds, 0.95)), max(self.seconds)
        said = f"{len(self.seconds)} answers, p95 {most:.3f} s, worst {worst:.3f} s"
        assert most < MOST, said
        assert worst < WORST, said


@contextmanager
def watch(server: Museum) -> Iterator[Pulse]:
    """Asks ``/healthz`` all the while; fails at the end where it was slow."""
    pulse, done = Pulse(), Event()

    def ask() -> None:
        while not done.is_set():
            stopwatch = Stopwatch(server)
            try:
                answer = wire.ask(server.port, "/healthz")
            except OSError as error:
                pulse.failures.append(repr(error))
            else:
                pulse.seconds.append(stopwatch.read())
                if answer.status != 200:
                    pulse.failures.append(f"status {answer.status}")
            done.wait(EVERY)

    asking = Thread(target=ask, name="pulse")
    asking.start()
    try:
        yield pulse
        time.sleep(10 * EVERY)  # a short attack is asked about afterwards, too
    finally:
        done.set()
        asking.join()
    pulse.check()
