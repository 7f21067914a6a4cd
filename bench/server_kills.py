"""Does a verdict that the dashboard acknowledged survive a SIGKILL of its server?

python -m bench.server_kills [artifacts] [--kills 100] [--seconds 900] [--reviews URL]

The real server on loopback, and reviewers who work through the queue of the Reviews page as fast as
possible. A verdict is acknowledged when the page has moved on to the next painting. At a random
moment the server is killed, and started again on the same database; afterwards every acknowledged
verdict must be there, each once, and the database intact.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from rich.console import Console
from rich.table import Table

from bench.durability import check_soundness
from bench.server import START_SECONDS, serve
from bench.visitor import VisitFailed, Visitor
from core.reviews import open_log

LONGEST = 2.0  # seconds of work before a kill
VERDICT = "right"

Said = tuple[str, str]  # a reviewer, and the key of the painting


@dataclass
class Tally:
    """``acknowledged`` over all kills; ``rows`` of the log afterwards, by reviewer and painting."""

    kills: int = 0
    acknowledged: list[Said] = field(default_factory=list)
    rows: Counter[Said] = field(default_factory=Counter)

    @property
    def lost(self) -> int:
        return len(set(self.acknowledged) - set(self.rows))

    @property
    def doubled(self) -> int:
        return sum(count - 1 for count in self.rows.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("artifacts", type=Path, nargs="?", default=Path("artifacts"))
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=900)
    parser.add_argument("--reviewers", type=int, default=4)
    parser.add_argument("--reviews")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = options.reviews or str(Path(folder) / "reviews.sqlite")
        tally = run_kills(
            options.artifacts,
            place,
            options.kills,
            options.reviewers,
            random.Random(0),
            options.seconds,
        )
    table = Table("kills", "acknowledged", "in the log", "lost", "doubled")
    counts = (tally.kills, len(tally.acknowledged), tally.rows.total(), tally.lost, tally.doubled)
    table.add_row(*(f"{n:,}" for n in counts))
    Console().print(table)


def run_kills(
    artifacts: Path,
    place: str,
    kills: int,
    reviewers: int,
    chance: random.Random,
    seconds: float = 900,
) -> Tally:
    """Kills the server over ``artifacts`` ``kills`` times, with verdicts at ``place``.

    Fewer if ``seconds`` elapse first.
    """
    tally, ends = Tally(), time.monotonic() + seconds
    for number in range(kills):
        if time.monotonic() > ends:
            break
        names = [f"reviewer {number}.{each}" for each in range(reviewers)]
        with serve(artifacts, place) as (address, server), ThreadPoolExecutor(reviewers) as pool:
            begun = [Event() for _ in names]
            done = [pool.submit(review, address, *each) for each in zip(names, begun, strict=True)]
            for event in begun:
                event.wait(START_SECONDS)
            time.sleep(chance.uniform(0, LONGEST))
            server.kill()
            tally.acknowledged += [said for each in done for said in each.result()]
        tally.kills += 1
    tally.rows = count_rows(place)
    check_soundness(place)
    return tally


def review(address: str, name: str, begun: Event) -> list[Said]:
    """Works through the queue until the server is gone; what the pages acknowledged.

    ``begun`` is set at the first of them.
    """
    said: list[Said] = []
    try:
        visitor = Visitor(address)
        visitor.open("reviews")
        visitor.press("Start reviewing", name=name)
        while True:
            painting = find_painting(visitor)
            visitor.judge(VERDICT)
            if not visitor.warnings and find_painting(visitor) != painting:
                said.append((name, painting))
                begun.set()
    except VisitFailed:
        return said
    finally:
        begun.set()


def find_painting(visitor: Visitor) -> str:
    """Key of the painting whose turn it is; raises ``VisitFailed`` where the queue is empty."""
    if visitor.card is None:
        raise VisitFailed("nothing is left to judge")
    return str(visitor.card["painting"])


def count_rows(place: str) -> Counter[Said]:
    """How often each reviewer's verdict on each painting is in the log."""
    log = open_log(place)
    table = log.load_all()
    log.close()
    return Counter(zip(table["reviewer"].astype(str), table["key"].astype(str), strict=True))


if __name__ == "__main__":
    main()
