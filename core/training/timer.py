"""How long each stage of a run took."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.artifacts import StageTiming
from core.progress import Stage


class Timer:
    """Names the stages and remembers how long each took."""

    def __init__(self) -> None:
        self.timings: list[StageTiming] = []

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        clock = Stage(name, 1, "")
        yield
        self.timings.append(StageTiming(name=name, seconds=round(clock.seconds, 2)))
