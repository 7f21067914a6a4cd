"""A fetch that is killed at any moment goes on, and asks for no picture that it had."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.collection.reading.fetched import read_ledger
from tests.fetch.loopback import Loopback, make_picture
from tests.programs import ROOT

pytestmark = [pytest.mark.server, pytest.mark.slow]
PICTURES = 240
LONGEST = 300  # seconds


def start(table: Path, folder: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "core.fetch", str(table), "--to", str(folder), "--per-host", "3"]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_killed_again_and_again_it_fetches_none_twice(
    server: Loopback, tmp_path: Path, sign: signal.Signals
) -> None:
    server.delay = 0.01
    table, folder = tmp_path / "m.csv", tmp_path / "pictures"
    rows = [f"{n},{server.url}/{n}.jpg,A" for n in range(PICTURES)]
    table.write_text("\n".join(["id,image_url,style", *rows]) + "\n")
    asked_before: dict[str, int] = {}
    for stop_at in (40, 90, 150):
        process = start(table, folder)
        until = time.monotonic() + LONGEST
        while len(read_ledger(folder)) < stop_at:
            assert time.monotonic() < until
            time.sleep(0.005)
        os.kill(process.pid, sign)
        process.wait(LONGEST)
        while server.seen.now.total():  # answers that were under way
            assert time.monotonic() < until
            time.sleep(0.005)
        there = {f"/{record.address.rpartition('/')[2]}" for record in read_ledger(folder).values()}
        assert len(there) >= stop_at
        assert not [p for p in asked_before if server.seen.paths[p] > asked_before[p]]
        asked_before = {path: server.seen.paths[path] for path in there}
    assert start(table, folder).wait(LONGEST) == 0
    assert not [p for p in asked_before if server.seen.paths[p] > asked_before[p]]
    records = read_ledger(folder)
    assert len(records) == PICTURES
    for number in range(PICTURES):
        file = records[f"{server.url}/{number}.jpg"].file
        assert (folder / file).read_bytes() == make_picture(number)
    under_way = 3 * 3  # lanes at each of three kills, whose pictures had not arrived
    pictures = sum(n for path, n in server.seen.paths.items() if not path.startswith("HEAD"))
    assert pictures <= PICTURES + under_way
    assert server.seen.most == {"127.0.0.1": 3}
    assert not list(folder.rglob("*.partial"))
