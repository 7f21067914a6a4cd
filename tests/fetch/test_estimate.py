"""How much there is to fetch, by the sizes that servers announce."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.fetch.estimate import SAMPLE, describe_pending
from core.fetch.many import Request
from tests.fetch.conftest import QUICK
from tests.fetch.loopback import Loopback, send

pytestmark = pytest.mark.server


def test_a_sample_tells_the_size_of_all_and_nothing_is_fetched(
    server: Loopback, tmp_path: Path
) -> None:
    body = bytes(250_000)
    addresses = [f"{server.url}/p{n}" for n in range(400)] + ["http://127.0.0.2:1/x"]
    server.pages |= {f"/p{n}": lambda handler: send(handler, body) for n in range(400)}
    told = describe_pending(addresses, Request(tmp_path / "pictures", QUICK))
    asked = len(server.seen.paths)
    assert told == f"401 pictures at 2 hosts, about 100 MB (by {asked} of them)"
    assert SAMPLE - 2 <= asked <= SAMPLE
    assert all(path.startswith("HEAD ") for path in server.seen.paths)
    assert not (tmp_path / "pictures").exists()


def test_a_size_that_nobody_tells_is_unknown(server: Loopback, tmp_path: Path) -> None:
    told = describe_pending([f"{server.url}/lost"], Request(tmp_path, QUICK))
    assert told == "1 picture at 1 host, of unknown size"


def test_a_host_that_is_busy_or_down_is_not_waited_for(server: Loopback, tmp_path: Path) -> None:
    server.pages["/0.jpg"] = lambda handler: send(handler, b"", 429, headers={"Retry-After": "60"})
    addresses = [f"{server.url}/{n}.jpg" for n in range(5)]
    assert "unknown size" in describe_pending(addresses, Request(tmp_path, QUICK))
    assert sum(server.seen.paths.values()) == 1
    down = [f"http://127.0.0.1:1/{n}.jpg" for n in range(5)]
    assert "unknown size" in describe_pending(down, Request(tmp_path, QUICK))
