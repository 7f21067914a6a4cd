"""How many people can browse at once? Sessions on the real server, for a bounded time.

python -m bench.sessions artifacts [--sessions 10 25 50 100] [--seconds 120] [--pause 8]

Each session opens pages as a curator would, with a pause between them (exponential, of the given
mean), and fetches the first pictures of each page. An action ends when the script has run to its
end and all its messages have arrived. Server and visitors share the machine: see bench.visitor for
what a browser would add.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

import httpx
import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from bench.server import serve
from bench.visitor import VisitFailed, Visitor
from core.artifacts import Run, list_runs, open_run

PICTURES = 12  # of a page, what a screen shows
MEGABYTE = 1_000_000

Action = tuple[str, str, str]  # its name, the page, the query


@dataclass
class Load:
    """Seconds of each action, what failed, and the server's memory in bytes and share of a core."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    cores: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("artifacts", type=Path, nargs="?", default=Path("artifacts"))
    parser.add_argument("--sessions", type=int, nargs="+", default=[10, 25, 50, 100])
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--pause", type=float, default=8)
    options = parser.parse_args()
    newest = next(entry for entry in list_runs(options.artifacts) if entry.error is None)
    actions = list_actions(open_run(options.artifacts / newest.run_id))
    console = Console(width=120)
    for sessions in options.sessions:
        with tempfile.TemporaryDirectory() as folder:
            place = str(Path(folder) / "reviews.sqlite")
            load = browse(
                options.artifacts, place, actions, sessions, options.seconds, options.pause
            )
        console.print(build_table(load, sessions, options.seconds))


def list_actions(run: Run) -> list[Action]:
    """A curator's actions, on the run's own styles and paintings."""
    styles, keys = run.classes("style"), run.paintings["key"]
    chance = random.Random(0)
    actions = [("overview", "", ""), ("cases", "cases", ""), ("reviews", "reviews", "")]
    for _ in range(8):
        given = urlencode({"given": chance.choice(styles)})
        actions += [("outliers", "outliers", ""), ("filtered", "outliers", given)]
        actions += [("style map", "map", given)]
        actions += [("painting", "painting", urlencode({"painting": chance.choice(keys)}))]
    return actions


def browse(
    artifacts: Path,
    place: str,
    actions: list[Action],
    sessions: int,
    seconds: float,
    pause: float,
) -> Load:
    """``sessions`` people browse for ``seconds``; the first visit of the server is not counted."""
    load, over = Load(), Event()
    with serve(artifacts, place) as (address, server):
        Visitor(address).open("outliers")
        process = psutil.Process(server.pid)
        watcher = Thread(target=watch, args=(process, load, over))
        watcher.start()
        before = process.cpu_times()
        ends = time.monotonic() + seconds
        with ThreadPoolExecutor(sessions) as pool:
            for number in range(sessions):
                pool.submit(visit, address, actions, random.Random(number), pause, ends, load)
        used = process.cpu_times()
        load.cores = (used.user + used.system - before.user - before.system) / seconds
        over.set()
        watcher.join()
    return load


def visit(
    address: str,
    actions: list[Action],
    chance: random.Random,
    pause: float,
    ends: float,
    load: Load,
) -> None:
    """One session until ``ends``; failures are recorded, and the session restarts."""
    time.sleep(chance.uniform(0, pause))
    visitor = None
    with httpx.Client(base_url=address, timeout=60) as client:
        while time.monotonic() < ends:
            name, page, query = chance.choice(actions)
            try:
                started = time.perf_counter()
                visitor = visitor or Visitor(address)
                visitor.open(page, query)
                load.seconds[name].append(time.perf_counter() - started)
                fetch(client, visitor.pictures[:PICTURES], load)
            except (VisitFailed, httpx.HTTPError) as error:
                load.errors.append(f"{name}: {error}")
                visitor = None
            time.sleep(chance.expovariate(1 / pause))
    if visitor:
        visitor.close()


def fetch(client: httpx.Client, pictures: list[str], load: Load) -> None:
    started = time.perf_counter()
    for address in pictures:
        client.get(address).raise_for_status()
    if pictures:
        load.seconds["its pictures"].append(time.perf_counter() - started)


def watch(process: psutil.Process, load: Load, over: Event) -> None:
    """Records the memory of the server and its child processes every second."""
    while not over.wait(1):
        family = [process, *process.children(recursive=True)]
        load.memory.append(sum(each.memory_info().rss for each in family))


def build_table(load: Load, sessions: int, seconds: float) -> Table:
    count = sum(map(len, load.seconds.values()))
    start, peak = load.memory[0] / MEGABYTE, max(load.memory) / MEGABYTE
    table = Table(
        *("action", "times", "median", "p95", "slowest"),
        title=f"{sessions} sessions, {seconds:.0f} s: {count:,} actions, "
        f"{len(load.errors)} errors, {start:,.0f} to {peak:,.0f} MB, {load.cores:.2f} cores",
        caption="\n".join(sorted(set(load.errors))[:5]),
    )
    for name, times in sorted(load.seconds.items()):
        slow = float(np.quantile(times, 0.95))
        row = (statistics.median(times), slow, max(times))
        table.add_row(name, f"{len(times):,}", *(f"{each:.2f} s" for each in row))
    return table


if __name__ == "__main__":
    main()
