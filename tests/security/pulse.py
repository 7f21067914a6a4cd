"""Whether a server keeps answering while something is done to it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Final

import numpy as np

from tests.security import wire

EVERY: Final = 0.05  # seconds between two questions
# Nothing may block the server's loop. One question in twenty may wait for a busy machine's
# processor, and none for long: a loop that is blocked stands still for seconds.
MOST: Final = 0.75
WORST: Final = 2.0


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
def watch(port: int) -> Iterator[Pulse]:
    """Asks ``/healthz`` all the while; fails at the end where it was slow."""
    pulse, done = Pulse(), Event()

    def ask() -> None:
        while not done.is_set():
            started = time.perf_counter()
            try:
                answer = wire.ask(port, "/healthz")
            except OSError as error:
                pulse.failures.append(repr(error))
            else:
                pulse.seconds.append(time.perf_counter() - started)
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
