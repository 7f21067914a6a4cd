"""Readable progress: a live bar with an estimate, plain lines in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from core.text import format_seconds

LINE_EVERY_SECONDS = 10.0
LINE_SHARE = 0.1  # of the elapsed time: a long stage reports less and less often ...
LINE_AT_LEAST_EVERY_SECONDS = 300.0  # ... down to this


class Stage:
    """One stretch of work of known length. ``advance`` is cheap enough to call per item."""

    def __init__(self, name: str, total: int, unit: str) -> None:
        self.name, self.total, self.unit = name, total, unit
        self.done = 0
        self.started = time.monotonic()

    def advance(self, count: int = 1) -> None:
        self.done += count

    def describe(self, name: str) -> None:
        """Changes the name shown for the current work (a fold, an epoch)."""
        self.name = name

    def skip(self, count: int) -> None:
        """Subtracts ``count`` units from the total: done in an earlier call, or not needed."""
        self.total -= count

    @property
    def rate(self) -> float:
        """Units a second since the stage began."""
        return self.done / max(time.monotonic() - self.started, 1e-9)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started


class LiveStage(Stage):
    def __init__(self, name: str, total: int, unit: str, bars: Progress) -> None:
        super().__init__(name, total, unit)
        self._bars = bars
        self._task = bars.add_task(name, total=total, unit=unit)

    def advance(self, count: int = 1) -> None:
        super().advance(count)
        self._bars.update(self._task, advance=count)

    def describe(self, name: str) -> None:
        super().describe(name)
        self._bars.update(self._task, description=name)

    def skip(self, count: int) -> None:
        super().skip(count)
        self._bars.update(self._task, total=self.total)


class LoggedStage(Stage):
    def __init__(self, name: str, total: int, unit: str, out: TextIO) -> None:
        super().__init__(name, total, unit)
        self._out, self._said = out, self.started

    def advance(self, count: int = 1) -> None:
        super().advance(count)
        now = time.monotonic()
        quiet = min(LINE_SHARE * (now - self.started), LINE_AT_LEAST_EVERY_SECONDS)
        if now - self._said >= max(LINE_EVERY_SECONDS, quiet) and self.done < self.total:
            self._said = now
            left = (self.total - self.done) / max(self.rate, 1e-9)
            self._say(f"{self.rate:,.0f} {self.unit}/s, {format_seconds(left)} left")

    def finish(self) -> None:
        if self.total == 0:  # all was done before
            return
        self._say(f"done in {format_seconds(self.seconds)} ({self.rate:,.0f} {self.unit}/s)")

    def _say(self, text: str) -> None:
        print(f"{self.name}: {self.done:,}/{self.total:,} {text}", file=self._out, flush=True)


@contextmanager
def stage(
    name: str,
    total: int,
    unit: str = "paintings",
    out: TextIO | None = None,
    *,
    shown: bool = True,
) -> Iterator[Stage]:
    """A stage of ``total`` units shown while the body runs, on standard error by default.

    ``shown`` is False in all processes but the main one.
    """
    if not shown:
        yield Stage(name, total, unit)
        return
    out = out or sys.stderr
    if not out.isatty():
        logged = LoggedStage(name, total, unit, out)
        yield logged
        logged.finish()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(file=out)) as bars:
        yield LiveStage(name, total, unit, bars)


def say(text: str) -> None:
    """A line for the user, on standard error like all progress."""
    sys.stderr.write(f"{text}\n")


class _RateColumn(ProgressColumn):
    def render(self, task: Task) -> Text:
        if task.speed is None:
            return Text("")
        return Text(f"{task.speed:,.0f} {task.fields['unit']}/s")
