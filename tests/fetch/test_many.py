"""Whole fetches from a loopback server: what arrives, what is refused, how often is asked."""

from __future__ import annotations

import hashlib
import os
import signal
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from pathlib import Path

import pytest

from core.collection.reading.fetched import LEDGER
from core.fetch.errors import FetchError
from core.fetch.hosts import Host
from core.fetch.ledger import Ledger
from tests.fetch.conftest import QUICK, Fetch
from tests.fetch.loopback import Handler, Loopback, Page, make_picture, send, serving

pytestmark = pytest.mark.server


def redirect(to: str) -> Page:
    return lambda handler: send(handler, b"", 302, headers={"Location": to})


def test_pictures_arrive_with_their_checksums(
    server: Loopback, fetch: Fetch, tmp_path: Path
) -> None:
    records = fetch(*(f"{server.url}/{number}.jpg" for number in range(30)))
    for number, record in enumerate(records):
        content = (tmp_path / "pictures" / record.file).read_bytes()
        assert content == make_picture(number)
        assert record.sha256 == hashlib.sha256(content).hexdigest()
        assert (record.bytes, record.etag, record.reason) == (len(content), f'"{number}"', "")


def test_a_second_fetch_asks_for_nothing_and_one_address_is_asked_for_once(
    server: Loopback, fetch: Fetch
) -> None:
    addresses = [f"{server.url}/{number}.jpg" for number in (1, 2, 1)]
    first = fetch(*addresses)
    assert fetch(*addresses) == first
    assert server.seen.paths == {"/1.jpg": 1, "/2.jpg": 1}


def test_refresh_asks_whether_a_picture_changed(server: Loopback, fetch: Fetch) -> None:
    state = {'"a"': make_picture(1)}

    def page(handler: Handler) -> None:
        ((etag, body),) = state.items()
        if handler.headers.get("If-None-Match") == etag:
            send(handler, b"", 304)
        else:
            send(handler, body, headers={"ETag": etag})

    server.pages["/a"] = page
    (first,) = fetch(f"{server.url}/a")
    (same,) = fetch(f"{server.url}/a", refresh=True)
    assert (same.sha256, same.file) == (first.sha256, first.file)
    state.clear()
    state['"b"'] = make_picture(2, "PNG")
    (changed,) = fetch(f"{server.url}/a", refresh=True)
    assert changed.sha256 != first.sha256
    assert changed.file.endswith(".png")
    server.pages["/a"] = lambda handler: send(handler, b"", 410)
    (kept,) = fetch(f"{server.url}/a", refresh=True)
    assert kept.file == changed.file, "a picture that is gone from the web stays"
    assert server.seen.paths["/a"] == 4


def test_a_host_that_asks_to_wait_is_left_alone_so_long(server: Loopback, fetch: Fetch) -> None:
    asked: list[float] = []

    def page(handler: Handler) -> None:
        asked.append(time.monotonic())
        if len(asked) == 1:
            send(handler, b"", 429, headers={"Retry-After": "1"})
        else:
            send(handler, make_picture())

    server.pages |= {f"/{name}": page for name in "abcd"}
    records = fetch(*(f"{server.url}/{name}" for name in "abcd"), limits=replace(QUICK, per_host=1))
    assert all(record.file for record in records)
    assert asked[1] - asked[0] >= 1


def test_a_host_that_is_asked_too_much_rests_in_all_lanes(
    server: Loopback, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other lane's answer is held back until the first one has heard that it is too much."""
    asked: list[float] = []
    heard, rest = threading.Event(), Host.rest

    def note(host: Host, seconds: float) -> None:
        rest(host, seconds)
        heard.set()

    def page(handler: Handler) -> None:
        with server.lock:
            asked.append(time.monotonic())
            is_first = len(asked) == 1
        if is_first:
            send(handler, b"", 429)
        else:
            assert heard.wait(60)
            send(handler, make_picture())

    monkeypatch.setattr(Host, "rest", note)
    server.pages |= {f"/{name}": page for name in "abcdefgh"}
    limits = replace(QUICK, per_host=2, backoff=1)
    assert all(r.file for r in fetch(*(f"{server.url}/{n}" for n in "abcdefgh"), limits=limits))
    early = [moment - asked[0] for moment in asked[1:] if moment - asked[0] < 0.45]
    assert len(early) <= 1, "what the other lane had asked before it heard of it; else all 7"


def test_a_date_to_come_back_at_is_honoured(server: Loopback, fetch: Fetch) -> None:
    asked: list[float] = []

    def page(handler: Handler) -> None:
        asked.append(time.monotonic())
        when = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
        if len(asked) == 1:
            send(handler, b"", 503, headers={"Retry-After": when})
        else:
            send(handler, make_picture())

    server.pages["/a"] = page
    assert fetch(f"{server.url}/a")[0].file
    assert asked[1] - asked[0] >= 0.9, "the date has no fractions of a second"


def test_a_host_that_asks_for_an_hour_is_given_up(server: Loopback, fetch: Fetch) -> None:
    server.pages["/a"] = lambda handler: send(handler, b"", 429, headers={"Retry-After": "3600"})
    records = fetch(
        f"{server.url}/a",
        *(f"{server.url}/{n}.jpg" for n in range(9)),
        limits=replace(QUICK, per_host=1),
    )
    assert {record.reason for record in records} == {"127.0.0.1 asks to come back in 1 h 0 min"}
    assert sum(server.seen.paths.values()) == 1


def test_refresh_of_a_picture_behind_a_redirect_asks_whether_it_changed(
    server: Loopback, fetch: Fetch
) -> None:
    server.pages["/way"] = redirect("/picture")

    def page(handler: Handler) -> None:
        same = handler.headers.get("If-None-Match") == '"1"'
        send(
            handler, b"" if same else make_picture(), 304 if same else 200, headers={"ETag": '"1"'}
        )

    server.pages["/picture"] = page
    first, second = fetch(f"{server.url}/way") + fetch(f"{server.url}/way", refresh=True)
    assert (second.sha256, second.file) == (first.sha256, first.file)
    assert server.seen.headers["/picture"][1]["If-None-Match"] == '"1"'


def test_an_interruption_leaves_long_bodies_at_once(server: Loopback, fetch: Fetch) -> None:
    def page(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(make_picture())
        os.kill(os.getpid(), signal.SIGINT)
        while True:  # until nobody listens
            handler.wfile.write(make_picture())
            time.sleep(0.05)

    server.pages["/a"] = page
    # A shell starts what it puts into the background so that an interruption is ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        fetch(f"{server.url}/a", limits=replace(QUICK, whole=120))
    signal.signal(signal.SIGINT, before)
    assert time.monotonic() - began < 60, "it waited for the whole"


@pytest.mark.parametrize("status", [500, 503])
def test_what_may_pass_is_tried_again(server: Loopback, fetch: Fetch, status: int) -> None:
    def page(handler: Handler) -> None:
        tries = server.seen.paths["/a"]
        send(handler, make_picture(), 200 if tries == 3 else status)

    server.pages["/a"] = page
    assert fetch(f"{server.url}/a")[0].file
    server.pages["/b"] = lambda handler: send(handler, b"", status)
    (record,) = fetch(f"{server.url}/b")
    assert record.reason.startswith(f"answered {status} ")
    assert server.seen.paths["/b"] == QUICK.tries


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_what_will_not_pass_is_asked_once(server: Loopback, fetch: Fetch, status: int) -> None:
    server.pages["/a"] = lambda handler: send(handler, b"", status)
    (record,) = fetch(f"{server.url}/a")
    assert record.status == status
    assert record.reason.startswith(f"answered {status} ")
    assert server.seen.paths["/a"] == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><body>Sign in", "not an image but a web page or other markup"),
        (b'{"error": "no"}', "not an image but text (JSON)"),
        (b"%PDF-1.7", "not an image but a PDF document"),
        (b"", "empty file"),
    ],
)
def test_what_is_no_picture_is_refused_whatever_type_it_claims(
    server: Loopback, fetch: Fetch, tmp_path: Path, body: bytes, reason: str
) -> None:
    server.pages["/a"] = lambda handler: send(handler, body, kind="image/jpeg")
    (record,) = fetch(f"{server.url}/a")
    assert (record.file, record.reason) == ("", reason)
    assert not [p for p in (tmp_path / "pictures").rglob("*") if p.suffix in (".jpg", ".partial")]


def test_a_picture_is_taken_whatever_type_it_claims(server: Loopback, fetch: Fetch) -> None:
    server.pages["/a"] = lambda handler: send(handler, make_picture(1, "PNG"), kind="text/html")
    assert fetch(f"{server.url}/a")[0].file.endswith(".png")


def test_an_endless_body_is_left_at_the_limit(server: Loopback, fetch: Fetch) -> None:
    def page(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(make_picture())
        while True:
            handler.wfile.write(b"x" * 65_536)

    server.pages["/a"] = page
    (record,) = fetch(f"{server.url}/a", limits=replace(QUICK, most_bytes=1_000_000))
    assert record.reason == "larger than 1 MB"


def test_a_body_that_is_announced_too_large_is_not_read(server: Loopback, fetch: Fetch) -> None:
    server.pages["/a"] = lambda handler: send(
        handler, make_picture(), headers={"Content-Length": "9000000"}
    )
    (record,) = fetch(f"{server.url}/a", limits=replace(QUICK, most_bytes=1_000_000))
    assert record.reason == "larger than 1 MB: 9.0 MB"


def test_a_body_in_drips_ends_with_the_time_for_the_whole(server: Loopback, fetch: Fetch) -> None:
    def page(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for byte in make_picture():
            handler.wfile.write(bytes([byte]))
            time.sleep(0.05)

    server.pages["/a"] = page
    began = time.monotonic()
    (record,) = fetch(f"{server.url}/a", limits=replace(QUICK, whole=0.5, tries=2))
    assert record.reason == "not over in 0.5 s"
    assert time.monotonic() - began < 30, "the body takes longer"


def test_headers_in_drips_end_likewise(server: Loopback, fetch: Fetch) -> None:
    def page(handler: Handler) -> None:
        while True:  # until nobody listens
            handler.wfile.write(b"H")
            handler.wfile.flush()
            time.sleep(0.05)

    server.pages["/a"] = page
    (record,) = fetch(f"{server.url}/a", limits=replace(QUICK, whole=0.5, tries=1))
    assert record.reason == "not over in 0.5 s"


def test_silence_ends_with_the_time_for_it(server: Loopback, fetch: Fetch) -> None:
    over = threading.Event()

    def page(_: Handler) -> None:
        over.wait(60)

    server.pages["/a"] = page
    (record,) = fetch(f"{server.url}/a", limits=replace(QUICK, read=0.3, tries=1))
    over.set()
    assert record.reason == "silent for too long"


def test_a_body_cut_short_is_asked_for_again(
    server: Loopback, fetch: Fetch, tmp_path: Path
) -> None:
    def page(handler: Handler) -> None:
        body = make_picture()
        if server.seen.paths["/a"] < 3:
            send(handler, body[:-100], headers={"Content-Length": str(len(body))})
            handler.close_connection = True
        else:
            send(handler, body)

    server.pages["/a"] = page
    (record,) = fetch(f"{server.url}/a")
    assert (tmp_path / "pictures" / record.file).read_bytes() == make_picture()
    assert server.seen.paths["/a"] == 3


def test_a_body_always_cut_short_is_refused(server: Loopback, fetch: Fetch) -> None:
    def page(handler: Handler) -> None:
        send(handler, make_picture()[:-9], headers={"Content-Length": "9999"})
        handler.close_connection = True

    server.pages["/a"] = page
    (record,) = fetch(f"{server.url}/a", limits=replace(QUICK, tries=2))
    assert record.file == ""
    assert record.reason.startswith("cut off or garbled")


def test_a_redirect_to_nowhere_is_said(server: Loopback, fetch: Fetch) -> None:
    server.pages["/a"] = lambda handler: send(handler, b"", 302)
    (record,) = fetch(f"{server.url}/a")
    assert record.reason == "answered 302 Found, and not where"
    assert server.seen.paths["/a"] == 1


def test_redirects_are_followed_so_far_and_never_in_a_circle(
    server: Loopback, fetch: Fetch
) -> None:
    for number in range(9):
        server.pages[f"/r{number}"] = redirect(f"/r{number + 1}")
    server.pages["/r5"] = redirect("/1.jpg")
    server.pages["/round"] = redirect("/again")
    server.pages["/again"] = redirect("/round")
    server.pages["/odd"] = redirect("file:///etc/passwd")
    urls = [f"{server.url}/{name}" for name in ("r1", "r0", "round", "odd")]
    near, far, circle, odd = fetch(*urls)
    assert near.url == f"{server.url}/1.jpg"
    assert far.reason == "more than 5 redirects"
    assert circle.reason == "a circle of redirects"
    assert odd.reason == "leads to file:/etc/passwd, which is no web address"


def test_a_redirect_to_a_private_address_is_followed_only_where_the_table_names_it(
    server: Loopback, fetch: Fetch
) -> None:
    with serving() as inside:
        server.pages["/a"] = redirect(f"{inside.url}/1.jpg")
        (refused,) = fetch(f"{server.url}/a")
        assert refused.reason == (
            f"leads to 127.0.0.1:{inside.port}, a private address that the table does not name"
        )
        assert not inside.seen.paths
        followed, _ = fetch(f"{server.url}/a", f"{inside.url}/2.jpg")
        assert followed.url == f"{inside.url}/1.jpg"


def test_no_host_is_asked_for_more_than_its_bound_and_hosts_go_side_by_side(
    server: Loopback, fetch: Fetch
) -> None:
    hosts = [f"127.0.0.{number}" for number in (1, 2, 3)]
    server.meeting = threading.Barrier(3 * len(hosts), timeout=300)
    addresses = [f"http://{host}:{server.port}/{n}.jpg" for host in hosts for n in range(40)]
    server.pages |= {
        f"/{n}.jpg": redirect(f"http://127.0.0.1:{server.port}/9{n}.jpg") for n in range(5)
    }
    records = fetch(*addresses, limits=replace(QUICK, per_host=3))
    assert all(record.file for record in records), records
    assert not server.meeting.broken, server.seen.most
    assert server.seen.most == dict.fromkeys(hosts, 3)


def test_a_server_that_stops_half_way_and_comes_back(fetch: Fetch) -> None:
    with serving() as first:
        port, answers = first.port, count(1)

        def page(handler: Handler) -> None:
            if next(answers) > 40:
                handler.close_connection = True
                first.die()
            else:
                send(handler, make_picture(int(Path(handler.path).stem)))

        first.pages = {f"/{number}.jpg": page for number in range(200)}
        addresses = [f"{first.url}/{number}.jpg" for number in range(200)]
        records = fetch(*addresses, limits=replace(QUICK, tries=2, absences=3))
        there = {record.address for record in records if record.file}
        assert len(there) == 40
        assert "127.0.0.1 does not answer" in {record.reason for record in records}
    with serving(port) as second:
        assert all(record.file for record in fetch(*addresses))
        assert sum(second.seen.paths.values()) == 200 - len(there), "none was fetched twice"


def test_a_picture_whose_record_was_lost_is_found_by_its_name(
    server: Loopback, fetch: Fetch, tmp_path: Path
) -> None:
    (first,) = fetch(f"{server.url}/1.jpg")
    (tmp_path / "pictures" / LEDGER).write_text('{"address": "http://half')
    (again,) = fetch(f"{server.url}/1.jpg")
    assert (again.file, again.sha256) == (first.file, first.sha256)
    assert server.seen.paths["/1.jpg"] == 1


def test_a_picture_that_was_cut_on_disk_is_fetched_again(
    server: Loopback, fetch: Fetch, tmp_path: Path
) -> None:
    (first,) = fetch(f"{server.url}/1.jpg")
    (tmp_path / "pictures" / first.file).write_bytes(b"")
    (again,) = fetch(f"{server.url}/1.jpg")
    assert (tmp_path / "pictures" / again.file).read_bytes() == make_picture(1)


def test_says_who_asks(server: Loopback, fetch: Fetch) -> None:
    from core import __version__

    fetch(f"{server.url}/1.jpg", contact="ada@museum.org")
    assert server.seen.headers["/1.jpg"][0]["User-Agent"] == (
        f"ArtExtract/{__version__} (+ada@museum.org)"
    )
    with pytest.raises(FetchError, match="--contact cannot be sent"):
        fetch(f"{server.url}/2.jpg", contact="a\r\nCookie: x")


def test_two_fetches_do_not_share_a_folder(tmp_path: Path, fetch: Fetch) -> None:
    held = Ledger(tmp_path / "pictures")
    with pytest.raises(FetchError, match="Another fetch is at work"):
        fetch("http://a.org/1.jpg")
    held.close()


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ftp://a.org/1.jpg", "not an address of http, https, s3, gs, hf, file"),
        ("http://ada:secret@a.org/1.jpg", "carries a password, which is not sent"),
        ("http://[::1", "not an address: Invalid IPv6 URL"),
        ("http://a.invalid/1.jpg", "no connection: no such host a.invalid"),
    ],
)
def test_addresses_that_are_not_asked(fetch: Fetch, address: str, reason: str) -> None:
    (record,) = fetch(address, limits=replace(QUICK, tries=1))
    assert record.reason == reason
