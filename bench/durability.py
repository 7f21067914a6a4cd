"""Is a verdict that was acknowledged ever lost? Kills, and many reviewers at once.

python -m bench.durability [--kills 100] [--reviewers 20] [--verdicts 200] [--reviews URL]

Kills: a process of four reviewers records verdicts as fast as it can and acknowledges each on
standard output; it is killed (SIGKILL) at a random moment, again and again on one database.
Afterwards every acknowledged verdict must be there, each once, and the database intact. A kill is
not a power cut: durability after one rests on SQLite's and PostgreSQL's own guarantees.

Reviewers: any number, in four processes, record their verdicts at the same time. Without
``--reviews`` the database is SQLite in a temporary folder.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from core.reviews import Entry, open_log
from core.reviews.database import connect

THREADS, PROCESSES = 4, 4
CHECKOUT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Kills:
    """``acknowledged`` ids over all kills; ``rows`` in the log, acknowledged or not."""

    acknowledged: set[str]
    rows: list[str]

    @property
    def lost(self) -> int:
        return len(self.acknowledged - set(self.rows))

    @property
    def doubled(self) -> int:
        return len(self.rows) - len(set(self.rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--reviewers", type=int, default=20)
    parser.add_argument("--verdicts", type=int, default=200)
    parser.add_argument("--reviews")
    parser.add_argument("--write", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        write_until_killed(options.write)
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as folder:
        place = options.reviews or str(Path(folder) / "reviews.sqlite")
        killed = run_kills(place, options.kills, random.Random(0))
        check_soundness(place)
        table = Table("kills", "acknowledged", "in the log", "lost", "doubled")
        counts = (options.kills, len(killed.acknowledged), len(killed.rows))
        table.add_row(*(f"{n:,}" for n in (*counts, killed.lost, killed.doubled)))
        console.print(table)
        console.print(measure_reviewers(place, options.reviewers, options.verdicts))


def run_kills(place: str, kills: int, chance: random.Random) -> Kills:
    """Kills a writer ``kills`` times on the database at ``place``."""
    acknowledged: set[str] = set()
    open_log(place).close()
    for _ in range(kills):
        command = [sys.executable, "-m", "bench.durability", "--write", place]
        with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            first = writer.stdout.readline()  # it has begun
            time.sleep(chance.uniform(0, 0.5))
            writer.kill()
            said = [first, *writer.stdout.read().splitlines(keepends=True)]
        acknowledged |= {line.strip() for line in said if line.endswith("\n")}
    log = open_log(place)
    rows = log.load_all()["id"].tolist()
    log.close()
    return Kills(acknowledged, rows)


def write_until_killed(place: str) -> None:
    """Records verdicts and prints the id of each once it is recorded."""
    log = open_log(place)

    def work(number: int) -> None:
        while True:
            entry = build_entry(f"reviewer {number}", random.randrange(10_000))
            log.record([entry])
            sys.stdout.write(f"{entry.id}\n")
            sys.stdout.flush()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))


def check_soundness(place: str) -> None:
    """Raises ``RuntimeError`` when SQLite's integrity check fails."""
    engine = connect(place)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            found = connection.execute(text("PRAGMA integrity_check")).scalar()
        if found != "ok":
            raise RuntimeError(f"{place}: {found}")
    engine.dispose()


def measure_reviewers(place: str, reviewers: int, verdicts: int) -> Table:
    """Runs all reviewers at once, in ``PROCESSES`` processes; the log's content and the seconds."""
    started = time.perf_counter()
    teams = [list(range(number, reviewers, PROCESSES)) for number in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES) as pool:
        done = list(pool.map(work_as_team, [place] * PROCESSES, teams, [verdicts] * PROCESSES))
    seconds = time.perf_counter() - started
    taken = np.concatenate([waits for waits, _ in done])
    given = {each for _, ids in done for each in ids}
    log = open_log(place)
    rows = log.load_all()["id"]
    log.close()
    here = rows[rows.isin(given)]
    table = Table("reviewers", "given", "lost", "doubled", "a second", "median", "p95", "slowest")
    table.add_row(
        str(reviewers),
        f"{len(given):,}",
        str(len(given - set(here))),
        str(len(here) - here.nunique()),
        f"{len(given) / seconds:.0f}",
        *(f"{1000 * each:.0f} ms" for each in (*np.quantile(taken, [0.5, 0.95]), taken.max())),
    )
    return table


def work_as_team(place: str, team: list[int], verdicts: int) -> tuple[np.ndarray, list[str]]:
    """Seconds that each verdict took, and their ids; a thread a reviewer."""
    log = open_log(place)

    def work(number: int) -> tuple[list[float], list[str]]:
        waits, ids = [], []
        for painting in range(verdicts):
            entry = build_entry(f"team reviewer {number}", painting)
            started = time.perf_counter()
            log.record([entry])
            waits.append(time.perf_counter() - started)
            ids.append(entry.id)
        return waits, ids

    with ThreadPoolExecutor(max(1, len(team))) as pool:
        done = list(pool.map(work, team))
    log.close()
    return (
        np.array([wait for waits, _ in done for wait in waits]),
        [each for _, ids in done for each in ids],
    )


def build_entry(reviewer: str, painting: int) -> Entry:
    return Entry(
        key=f"Cubism/{painting}.jpg",
        content_hash="",
        task="style",
        given="Cubism",
        verdict="right",
        reviewer=reviewer,
        run_id="bench",
        model_hash="",
    )


if __name__ == "__main__":
    main()
