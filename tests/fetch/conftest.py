"""A loopback server, and fetches that lose no time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.collection.reading.fetched import Fetched
from core.fetch.limits import Limits
from core.fetch.many import Request, fetch_all
from tests.fetch.loopback import Loopback, serving

QUICK = Limits(backoff=0.01, connect=2, read=1, whole=5)
Fetch = Callable[..., list[Fetched]]


@pytest.fixture
def server() -> Iterator[Loopback]:
    with serving() as started:
        yield started


@pytest.fixture
def fetch(tmp_path: Path) -> Fetch:
    """Fetches addresses into the folder ``pictures``."""

    def call(
        *addresses: str, limits: Limits = QUICK, refresh: bool = False, contact: str = ""
    ) -> list[Fetched]:
        request = Request(tmp_path / "pictures", limits, contact, refresh=refresh)
        return fetch_all(request, addresses, shown=False)

    return call
