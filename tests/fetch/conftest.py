"""Loopback servers, of pictures and of S3, and fetches that lose no time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.collection.reading.fetched import Fetched
from core.fetch.limits import Limits
from core.fetch.many import Request, fetch_all
from tests.fetch.loopback import Loopback, serving

QUICK = Limits(backoff=0.01)  # a busy machine may take long over an answer
Fetch = Callable[..., list[Fetched]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Hardly anything is fetched without a server: how much of the code these run is counted."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and not item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.measured)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is fetched here is here, whatever proxy this machine needs."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


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


@pytest.fixture(scope="session")
def s3() -> Iterator[Any]:
    """A client of an S3 server with the bucket ``scans``; this process's libraries ask it."""
    import boto3
    import s3fs
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    patch = pytest.MonkeyPatch()
    patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        patch.setenv(name, "testing")
    patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    s3fs.S3FileSystem.clear_instance_cache()
    client = boto3.client("s3")
    client.create_bucket(Bucket="scans")
    yield client
    s3fs.S3FileSystem.clear_instance_cache()
    patch.undo()
    server.stop()


def put(s3: Any, name: str, body: bytes) -> None:
    s3.put_object(Bucket="scans", Key=name, Body=body)
