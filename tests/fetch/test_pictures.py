"""IIIF images by their bases, and pictures whose addresses only look like them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.collection.reading.fetched import Fetched
from core.fetch.pictures import adopt, find_pictures
from tests.fetch.conftest import Fetch
from tests.fetch.loopback import Loopback, Page, make_picture, send
from tests.fetch.test_image_service import V2, V3

pytestmark = pytest.mark.server


def say(info: dict[str, Any]) -> Page:
    content = json.dumps(info).encode()
    return lambda handler: send(handler, content, kind="application/ld+json")


def give(number: int) -> Page:
    return lambda handler: send(handler, make_picture(number))


@pytest.mark.parametrize(
    ("info", "size"),
    [(V2 | {"profile": ["#level1"]}, "1024,"), (V3 | {"profile": "level2"}, "!1024,1024")],
)
def test_a_base_becomes_the_picture_of_the_size(
    server: Loopback, fetch: Fetch, tmp_path: Path, info: dict[str, Any], size: str
) -> None:
    server.pages["/iiif/x/info.json"] = say(info)
    server.pages[f"/iiif/x/full/{size}/0/default.jpg"] = give(4)
    for address in (f"{server.url}/iiif/x", f"{server.url}/iiif/x/info.json"):
        (record,) = fetch(address)
        assert (tmp_path / "pictures" / record.file).read_bytes() == make_picture(4), record
        assert record.url == f"{server.url}/iiif/x/full/{size}/0/default.jpg"


def test_an_address_answered_by_an_info_json_is_a_base(server: Loopback, fetch: Fetch) -> None:
    server.pages["/object/7"] = lambda handler: send(
        handler, b"", 303, headers={"Location": "/images/x/info.json"}
    )
    server.pages["/images/x/info.json"] = say(V3 | {"profile": "level2"})
    server.pages["/images/x/full/!1024,1024/0/default.jpg"] = give(4)
    (record,) = fetch(f"{server.url}/object/7")
    assert record.url.endswith("/images/x/full/!1024,1024/0/default.jpg")


def test_an_address_that_only_looks_like_a_base_is_the_picture(
    server: Loopback, fetch: Fetch
) -> None:
    server.pages["/iiif-export/1.jpg"] = give(1)
    server.pages["/iiif/soft"] = give(2)
    server.pages["/iiif/soft/info.json"] = lambda handler: send(handler, b"<html>Not found")
    records = fetch(f"{server.url}/iiif-export/1.jpg", f"{server.url}/iiif/soft")
    assert all(record.file for record in records)


def test_the_request_goes_where_the_info_came_from_not_where_it_points(
    server: Loopback, fetch: Fetch
) -> None:
    inside = V3 | {"profile": "level2", "id": "http://127.0.0.9/iiif/x"}
    server.pages["/iiif/x/info.json"] = say(inside)
    server.pages["/iiif/x/full/!1024,1024/0/default.jpg"] = give(4)
    assert fetch(f"{server.url}/iiif/x")[0].file


def test_a_busy_image_server_is_asked_again(server: Loopback, fetch: Fetch) -> None:
    def page(handler: Any) -> None:
        if server.seen.paths["/iiif/x/info.json"] == 1:
            send(handler, b"", 503)
        else:
            say(V2 | {"profile": "level2"})(handler)

    server.pages["/iiif/x/info.json"] = page
    server.pages["/iiif/x/full/!1024,1024/0/default.jpg"] = give(4)
    assert fetch(f"{server.url}/iiif/x")[0].file


def test_what_a_kill_left_in_part_is_removed_and_what_is_whole_is_found(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "abcd.jpg").write_bytes(b"whole")
    (tmp_path / "ab" / "abce.jpg.partial").write_bytes(b"ha")
    assert find_pictures(tmp_path) == {"ab/abcd": "ab/abcd.jpg"}
    assert not (tmp_path / "ab" / "abce.jpg.partial").exists()
    found = adopt(tmp_path, "http://a.org/1", "ab/abcd.jpg")
    assert isinstance(found, Fetched)
    assert (found.bytes, found.file) == (5, "ab/abcd.jpg")
