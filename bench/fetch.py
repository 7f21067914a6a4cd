"""Pictures fetched from a loopback server: ours against curl --parallel under the same limits.

    python -m bench.fetch [--pictures 5000] [--at-once 8] [--delays 0 20 50] [--rounds 3]

A server in a process of its own answers each picture of 60 kB after a delay, as a museum's would
after a way through the network. ``python -m core.fetch`` reads a table, checks, hashes and records
every picture; ``curl --parallel`` writes the same files. Both ask for ``--at-once`` at a time and
are timed as whole commands, in turns; their processor time is told beside, which other work on the
machine does not change. The server counts what it was asked and the most at once.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import multiprocessing
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from core.collection.reading.fetched import read_ledger

PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 234
ROOT = Path(__file__).parents[1]


class Museum(asyncio.Protocol):
    """Answers GET and HEAD for any picture, and ``/counts`` with what was asked since."""

    delay = 0.0
    asked = now = most = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.rest = transport, b""

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            head, _, self.rest = self.rest.partition(b"\r\n\r\n")
            if head.startswith(b"GET /counts "):
                told = json.dumps([Museum.asked, Museum.most]).encode()
                Museum.asked = Museum.most = 0
                self.send(told)
            elif head.startswith(b"HEAD"):
                self.send(b"", len(PICTURE))
            else:
                Museum.asked += 1
                Museum.now += 1
                Museum.most = max(Museum.most, Museum.now)
                asyncio.get_running_loop().call_later(Museum.delay, self.give)

    def give(self) -> None:
        Museum.now -= 1
        self.send(PICTURE)

    def send(self, body: bytes, length: int | None = None) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {length or len(body)}\r\n\r\n"
        self.transport.write(head.encode() + body)  # type: ignore[attr-defined]


def serve(delay: float, ports: multiprocessing.Queue[int]) -> None:
    async def run() -> None:
        Museum.delay = delay
        server = await asyncio.get_running_loop().create_server(Museum, "127.0.0.1", 0)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock and of processors."""

    wall: float
    processor: float


def run_command(words: list[str]) -> Cost:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(words, check=True, cwd=ROOT, capture_output=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def time_ours(url: str, pictures: int, at_once: int, folder: Path) -> Cost:
    table = folder / "museum.csv"
    rows = [f"{n},{url}/{n}.jpg,A" for n in range(pictures)]
    table.write_text("\n".join(["id,image_url,style", *rows]) + "\n")
    words = ["-m", "core.fetch", str(table), "--to", str(folder / "ours")]
    cost = run_command([sys.executable, *words, "--per-host", str(at_once)])
    records = read_ledger(folder / "ours")
    digest = hashlib.sha256(PICTURE).hexdigest()
    assert len(records) == pictures
    assert {record.sha256 for record in records.values()} == {digest}
    return cost


def time_curl(url: str, pictures: int, at_once: int, folder: Path) -> Cost:
    (folder / "curl").mkdir()
    lines = [f'url="{url}/{n}.jpg"\noutput="{folder}/curl/{n}.jpg"' for n in range(pictures)]
    (folder / "config").write_text("\n".join(lines))
    words = [
        "--silent",
        "--no-progress-meter",
        "--parallel",
        "--parallel-max",
        str(at_once),
        "-K",
        f"{folder}/config",
    ]
    cost = run_command(["curl", *words])
    assert sum(1 for _ in (folder / "curl").iterdir()) == pictures
    return cost


def measure(delay: float, pictures: int, at_once: int, rounds: int) -> str:
    """A line of the table: seconds (median), pictures a second, and the share of curl's."""
    ports: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(delay / 1000, ports), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{ports.get()}"
    costs: dict[str, list[Cost]] = {"ours": [], "curl": []}
    most = {"ours": 0, "curl": 0}
    for _ in range(rounds):
        for name, run in (("ours", time_ours), ("curl", time_curl)):
            folder = Path(tempfile.mkdtemp(prefix="bench-fetch-"))
            costs[name].append(run(url, pictures, at_once, folder))
            shutil.rmtree(folder)
            with urllib.request.urlopen(f"{url}/counts") as answer:
                asked, at_most = json.load(answer)
            assert asked == pictures, f"{name} asked {asked} times for {pictures} pictures"
            most[name] = max(most[name], at_most)
    server.terminate()
    server.join()
    walls = {name: statistics.median(each.wall for each in costs[name]) for name in costs}
    cells = []
    for name, wall in walls.items():
        processor = statistics.median(each.processor for each in costs[name])
        cells.append(
            f"{wall:.1f} s, {pictures / wall:,.0f} a second; processor {processor:.1f} s; "
            f"at most {most[name]} at once"
        )
    return f"| {delay:g} ms | {' | '.join(cells)} | {walls['curl'] / walls['ours']:.2f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=5000)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--delays", type=float, nargs="+", default=[0, 20, 50])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print("| the server waits | ours | curl --parallel | ours / curl |\n|---|---|---|---|")
    for delay in options.delays:
        print(measure(delay, options.pictures, options.at_once, options.rounds), flush=True)


if __name__ == "__main__":
    main()
