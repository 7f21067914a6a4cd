"""A big picture whose body is cut off goes on where it ended, if the server lets it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from core.fetch.rest import WORTH_KEEPING
from tests.fetch.conftest import QUICK, Fetch
from tests.fetch.loopback import Handler, Loopback, make_picture, send

BIG = make_picture() + bytes(range(256)) * 8000  # a JPEG with two megabytes behind it
HALF = len(BIG) // 2
TAG = '"one"'


@dataclass
class Museum:
    """Sends ``body`` and cuts it off at ``cuts``, the first of which the first answer ends at."""

    cuts: list[int]
    body: bytes = BIG
    tag: str = TAG
    sent: list[int] = field(default_factory=list)  # bytes of each answer
    asked: list[tuple[str | None, str | None]] = field(default_factory=list)
    answer: Callable[[Handler, int], tuple[int, dict[str, str], int]] | None = None

    def __call__(self, handler: Handler) -> None:
        wanted, condition = handler.headers.get("Range"), handler.headers.get("If-Range")
        self.asked.append((wanted, condition))
        first = int(re.findall(r"\d+", wanted or "0")[0])
        status, headers, start = (self.answer or self.go_on)(handler, first)
        end = self.cuts.pop(0) if self.cuts else len(self.body)
        whole = len(self.body) - start
        headers = {"ETag": self.tag, "Content-Length": str(whole)} | headers
        self.sent.append(max(0, end - start))
        send(handler, self.body[start:end], status, headers=headers)
        handler.close_connection = True

    def go_on(self, handler: Handler, first: int) -> tuple[int, dict[str, str], int]:
        """As RFC 9110 has it."""
        if not first or handler.headers.get("If-Range") != self.tag:
            return 200, {}, 0
        span = f"bytes {first}-{len(self.body) - 1}/{len(self.body)}"
        return 206, {"Content-Range": span}, first


def read(tmp_path: Path, file: str) -> bytes:
    folder = tmp_path / "pictures"
    assert not list(folder.rglob("*.partial"))
    return (folder / file).read_bytes() if file else b""


@pytest.mark.server
def test_only_the_rest_is_asked_for_and_every_byte_sent_once(
    server: Loopback, fetch: Fetch, tmp_path: Path
) -> None:
    museum = server.pages["/a"] = Museum([HALF, HALF + 1000])
    (record,) = fetch(f"{server.url}/a")
    assert read(tmp_path, record.file) == BIG
    assert record.sha256 == hashlib.sha256(BIG).hexdigest()
    assert record.bytes == len(BIG)
    assert sum(museum.sent) == len(BIG)
    asked = [(None, None), (f"bytes={HALF}-", TAG), (f"bytes={HALF + 1000}-", TAG)]
    assert museum.asked == asked


@pytest.mark.server
def test_a_picture_that_changed_meanwhile_is_fetched_whole(
    server: Loopback, fetch: Fetch, tmp_path: Path
) -> None:
    museum = server.pages["/a"] = Museum([HALF])
    other = make_picture(5) + bytes(1_000_000)

    def change(handler: Handler, first: int) -> tuple[int, dict[str, str], int]:
        if first:
            museum.body, museum.tag = other, '"two"'
        return museum.go_on(handler, first)

    museum.answer = change
    (record,) = fetch(f"{server.url}/a")
    assert read(tmp_path, record.file) == other
    assert (record.etag, len(museum.asked)) == ('"two"', 2)


def ignore_condition(handler: Handler, first: int) -> tuple[int, dict[str, str], int]:
    """Another body's rest, as a server sends that knows no ``If-Range``."""
    tag = {"ETag": '"two"'} if first else {}
    return (206 if first else 200), tag | {"Content-Range": f"bytes {first}-9999999/*"}, first


def refuse_ranges(handler: Handler, first: int) -> tuple[int, dict[str, str], int]:
    return (416 if first else 200), {}, first


def send_a_middle(handler: Handler, first: int) -> tuple[int, dict[str, str], int]:
    span = f"bytes {first}-{first + 9}/{len(BIG)}"
    return (206, {"Content-Range": span, "Content-Length": "10"}, first) if first else (200, {}, 0)


def send_a_middle_of_an_unknown_whole(
    handler: Handler, first: int
) -> tuple[int, dict[str, str], int]:
    status, headers, start = send_a_middle(handler, first)
    return status, {k: v.replace(f"/{len(BIG)}", "/*") for k, v in headers.items()}, start


@pytest.mark.server
def test_a_rest_that_ends_where_the_body_was_said_to_end_goes_on(
    server: Loopback, fetch: Fetch, tmp_path: Path
) -> None:
    def hide_the_whole(handler: Handler, first: int) -> tuple[int, dict[str, str], int]:
        status, headers, start = museum.go_on(handler, first)
        return status, {k: v.rpartition("/")[0] + "/*" for k, v in headers.items()}, start

    museum = server.pages["/a"] = Museum([HALF], answer=hide_the_whole)
    (record,) = fetch(f"{server.url}/a")
    assert read(tmp_path, record.file) == BIG
    assert [wanted for wanted, _ in museum.asked] == [None, f"bytes={HALF}-"]


@pytest.mark.server
@pytest.mark.parametrize(
    "odd",
    [ignore_condition, refuse_ranges, send_a_middle, send_a_middle_of_an_unknown_whole],
)
def test_what_does_not_go_on_begins_anew(
    server: Loopback,
    fetch: Fetch,
    tmp_path: Path,
    odd: Callable[[Handler, int], tuple[int, dict[str, str], int]],
) -> None:
    museum = server.pages["/a"] = Museum([HALF], answer=odd)
    (record,) = fetch(f"{server.url}/a")
    assert read(tmp_path, record.file) == BIG
    assert [wanted for wanted, _ in museum.asked] == [None, f"bytes={HALF}-", None]


@pytest.mark.server
@pytest.mark.parametrize(("cut", "tag"), [(WORTH_KEEPING // 2, TAG), (HALF, ""), (HALF, 'W/"x"')])
def test_small_parts_and_bodies_that_nothing_names_are_asked_for_whole(
    server: Loopback, fetch: Fetch, tmp_path: Path, cut: int, tag: str
) -> None:
    museum = server.pages["/a"] = Museum([cut], tag=tag)
    (record,) = fetch(f"{server.url}/a")
    assert read(tmp_path, record.file) == BIG
    assert [wanted for wanted, _ in museum.asked] == [None, None]


@pytest.mark.server
def test_the_limit_counts_what_came_before(server: Loopback, fetch: Fetch, tmp_path: Path) -> None:
    museum = server.pages["/a"] = Museum([HALF])
    limits = replace(QUICK, most_bytes=HALF + 1000)

    def lie(handler: Handler, first: int) -> tuple[int, dict[str, str], int]:
        short = {} if first else {"Content-Length": str(HALF + 500)}
        status, headers, start = museum.go_on(handler, first)
        return status, headers | short, start

    museum.answer = lie
    (record,) = fetch(f"{server.url}/a", limits=limits)
    assert record.reason.startswith("larger than")
    assert read(tmp_path, record.file) == b""


@pytest.mark.server
def test_a_part_that_nobody_asked_for_is_no_picture(
    server: Loopback, fetch: Fetch, tmp_path: Path
) -> None:
    def page(handler: Handler) -> None:
        send(handler, make_picture(), 206, headers={"Content-Range": "bytes 0-99/5000"})

    server.pages["/a"] = page
    (record,) = fetch(f"{server.url}/a")
    assert (record.file, record.reason) == ("", "answered 206 Partial Content")
    assert read(tmp_path, record.file) == b""


@pytest.mark.server
def test_what_is_always_cut_off_leaves_nothing(
    server: Loopback, fetch: Fetch, tmp_path: Path
) -> None:
    server.pages["/a"] = Museum([HALF] * 9)
    (record,) = fetch(f"{server.url}/a", limits=replace(QUICK, tries=3))
    assert record.reason.startswith("cut off or garbled")
    assert read(tmp_path, record.file) == b""
