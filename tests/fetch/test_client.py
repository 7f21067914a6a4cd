"""What one request sends and takes: encodings that nobody asked for, the sender's name."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from core.fetch.client import describe_status, name_agent
from core.fetch.errors import FetchError
from tests.fetch.conftest import QUICK, Fetch
from tests.fetch.loopback import Loopback, make_picture, send

GZIP = {"Content-Encoding": "gzip"}


@pytest.mark.server
def test_a_body_encoded_without_being_asked_is_decoded(
    server: Loopback, fetch: Fetch, tmp_path: Path
) -> None:
    server.pages["/a"] = lambda handler: send(handler, gzip.compress(make_picture(3)), headers=GZIP)
    (record,) = fetch(f"{server.url}/a")
    assert (tmp_path / "pictures" / record.file).read_bytes() == make_picture(3)
    assert server.seen.headers["/a"][0]["Accept-Encoding"] == "identity"


@pytest.mark.server
def test_a_body_that_swells_is_left_at_the_limit(server: Loopback, fetch: Fetch) -> None:
    swollen = gzip.compress(make_picture() + bytes(50_000_000))
    server.pages["/a"] = lambda handler: send(handler, swollen, headers=GZIP)
    (record,) = fetch(f"{server.url}/a", limits=replace(QUICK, most_bytes=1_000_000))
    assert record.reason == "larger than 1 MB"


@pytest.mark.server
def test_a_body_that_is_not_in_its_encoding_is_refused(server: Loopback, fetch: Fetch) -> None:
    server.pages["/a"] = lambda handler: send(handler, make_picture(), headers=GZIP)
    (record,) = fetch(f"{server.url}/a")
    assert record.reason == "not in the encoding that it names"


@pytest.mark.server
def test_a_second_picture_takes_the_first_ones_connection(server: Loopback, fetch: Fetch) -> None:
    addresses = [f"{server.url}/{number}.jpg" for number in range(20)]
    fetch(*addresses, limits=replace(QUICK, per_host=1))
    assert server.seen.connections == 1


@pytest.mark.parametrize("contact", ["a\nb", "a\r\nCookie: x", "müseum@a.org", "\x00"])
def test_a_contact_that_no_header_holds_is_refused(contact: str) -> None:
    with pytest.raises(FetchError, match="--contact cannot be sent"):
        name_agent(contact)


def test_statuses_are_told_by_number_and_name() -> None:
    assert describe_status(404) == "answered 404 Not Found"
    assert describe_status(599) == "answered 599"
