"""Which Host and which Origin a server on loopback answers, over HTTP and over its websocket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pytest

from tests.security import wire
from tests.security.judging import judge
from tests.security.museum import Museum, describe
from tests.security.paths import FORM, wrap
from tests.security.sentinels import RUN, Finder
from tests.security.stream import Stream

pytestmark = pytest.mark.server

OWN: Final = ("127.0.0.1:{port}", "localhost:{port}")
# Names of this machine that no browser could have been led to: both answers are right.
EITHER: Final = (
    *("LOCALHOST:{port}", "localhost.:{port}", "[::1]:{port}", "127.0.0.2:{port}"),
    *("LocalHost:{port}", "[0:0:0:0:0:0:0:1]:{port}"),
)
FOREIGN: Final = (
    *("evil.example:{port}", "evil.example", "EVIL.example:{port}", "evil.example.:{port}"),
    *("127.0.0.1.evil.example:{port}", "localhost.evil.example:{port}", "localhost:1", "localhost"),
    *("127.0.0.1", "127.0.0.1:80", "127.0.0.1:1{port}", "192.168.1.4:{port}", "0.0.0.0:{port}"),
    *("[::]:{port}", "[fe80::1]:{port}", "[::ffff:192.168.1.4]:{port}", "169.254.169.254:{port}"),
    *("user@127.0.0.1:{port}", "127.0.0.1:{port}@evil.example", "evil.example#127.0.0.1:{port}"),
    *("127.0.0.1:{port},evil.example", "evil.example,127.0.0.1:{port}", "127.0.0.1:{port}/evil"),
    *("127.0.0.1:{port}?evil", "127.0.0.1:", ":{port}", "", "*", "null", "2130706433:{port}"),
    *("xn--lcalhost-54a:{port}", "127.0.0.1:{port}.evil.example", "localhost:{port}:{port}"),
    *("localhost%2eevil.example:{port}", "127.0.0.1\t:{port}", "localhost\x00:{port}"),
)
FOREIGN_ORIGINS: Final = (
    *("http://localhost:3000", "http://127.0.0.1:3000", "http://evil.example", "null", ""),
    *("https://127.0.0.1:{port}", "https://localhost:{port}", "http://127.0.0.1:1{port}"),
    *("http://evil.example:{port}", "http://localhost.evil.example:{port}", "http://localhost"),
    *("http://user@127.0.0.1:{port}", "http://127.0.0.1:{port}.evil.example", "file://"),
    *("http://127.0.0.1:{port},http://evil.example", "chrome-extension://abcdef", "*"),
    *(
        "http://evil.example, http://127.0.0.1:{port}",
        "http://127.0.0.1:{port}/",
        "ftp://localhost",
    ),
)
Things = tuple[bytes, str]
KINDS: Final = ("page", "picture", "facts", "API", "upload", "websocket")


def request(
    kind: str,
    host: str | None,
    origin: str | None,
    things: Things,
    more: Mapping[str, str] | None = None,
) -> bytes:
    """The bytes of a request of the ``kind``, as a page of ``origin`` would have it sent.

    ``things``: a picture, and the id of a visit that may take uploads.
    """
    picture, session_id = things
    headers = dict(more or {}) | ({} if origin is None else {"Origin": origin})
    match kind:
        case "page":
            return wire.build_request("/", host, headers=headers)
        case "picture":
            return wire.build_request(f"/images/{RUN}/0/160.jpg", host, headers=headers)
        case "facts":
            return wire.build_request(f"/points/{RUN}/0.json", host, headers=headers)
        case "API":
            return wire.build_request("/api/classify", host, "POST", headers, picture)
        case "upload":
            place = f"/_stcore/upload_file/{session_id}/a-file"
            return wire.build_request(place, host, "PUT", FORM | headers, wrap(picture))
        case _:
            return wire.build_request("/_stcore/stream", host, headers=wire.UPGRADE | headers)


@pytest.fixture(scope="module")
def things(house: Museum, picture: bytes) -> Iterator[Things]:
    """What is sent: a picture, to a visit that is open."""
    with Stream(house.port) as visit:
        yield picture, visit.run("").session_id


def pick(names: tuple[str, ...], port: int) -> Iterator[str]:
    return (name.format(port=port) for name in names)


def tell(answer: wire.Answer, finder: Finder) -> str:
    """What is wrong with an answer that should have been a no; an empty text where nothing is."""
    leaks = finder.find(answer.text, answer.body)
    return "" if answer.refused and not leaks else f"{answer.status} {leaks}"


@pytest.mark.parametrize("kind", KINDS)
def test_own_names_are_answered(house: Museum, things: Things, kind: str) -> None:
    """What a browser sends: the origin of the page is that of the address, or there is none."""
    let_in = {"upload": 204, "websocket": wire.SWITCHED}.get(kind, 200)
    for host in pick(OWN, house.port):
        for origin in (None, f"http://{host}"):
            answer = wire.send(house.port, request(kind, host, origin, things))
            assert answer.status == let_in, (host, origin, answer.body[:200])
            if kind in {"picture", "facts", "API"}:
                assert house.finder.find(answer.text, answer.body)


@pytest.mark.parametrize("kind", KINDS)
def test_a_foreign_host_gets_nothing(house: Museum, things: Things, kind: str) -> None:
    wrong = {}
    for host in pick(FOREIGN, house.port):
        for origin in (None, f"http://{host}"):  # a rebound name is its own origin
            answer = wire.send(house.port, request(kind, host, origin, things))
            if said := tell(answer, house.finder):
                wrong[f"{host!r} from {origin}"] = said
    assert not wrong, describe(wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_a_foreign_page_gets_nothing(house: Museum, things: Things, kind: str) -> None:
    wrong = {}
    for host in pick(OWN, house.port):
        for origin in pick(FOREIGN_ORIGINS, house.port):
            answer = wire.send(house.port, request(kind, host, origin, things))
            if said := tell(answer, house.finder):
                wrong[f"{origin!r} at {host}"] = said
    assert not wrong, describe(wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_two_hosts_two_origins_or_no_host_get_nothing(
    house: Museum, things: Things, kind: str
) -> None:
    own, evil = f"127.0.0.1:{house.port}", f"evil.example:{house.port}"
    mine = request(kind, own, f"http://{own}", things)
    asked = {
        "no Host": request(kind, None, None, things),
        "own, foreign": mine.replace(b"\r\n", f"\r\nHost: {evil}\r\n".encode(), 1),
        "foreign, own": mine.replace(b"\r\nHost", f"\r\nHost: {evil}\r\nHost".encode(), 1),
        "two Origins": mine.replace(b"\r\nOrigin", b"\r\nOrigin: http://evil.example\r\nOrigin", 1),
        "a Host folded": mine.replace(own.encode(), f"{evil}\r\n {own}".encode(), 1),
        "HTTP/1.0 without Host": request(kind, None, None, things).replace(b"P/1.1", b"P/1.0", 1),
        "HTTP/1.0 of another": request(kind, evil, None, things).replace(b"P/1.1", b"P/1.0", 1),
        "whole address of another": mine.replace(b" /", f" http://{evil}/".encode(), 1),
        "whole address, another Host": request(kind, evil, None, things).replace(
            b" /", f" http://{own}/".encode(), 1
        ),
    }
    wrong = {
        name: said
        for name, data in asked.items()
        if (said := tell(wire.send(house.port, data), house.finder))
    }
    assert not wrong, describe(wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_names_of_this_machine_are_answered_or_refused_but_never_break(
    house: Museum, things: Things, kind: str
) -> None:
    for host in pick(EITHER, house.port):
        assert wire.send(house.port, request(kind, host, None, things)).status < 500


def test_the_own_page_records_a_verdict(house: Museum) -> None:
    """Without it, a page that cannot judge at all would pass the next one."""
    before = house.count_rows()
    with Stream(house.port) as visit:
        judge(visit)
    assert house.count_rows() == before + 1


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1:{port}", "http://localhost:3000"),
        ("127.0.0.1:{port}", "http://evil.example"),
        ("127.0.0.1:{port}", "null"),
        ("evil.example:{port}", "http://evil.example:{port}"),
        ("evil.example:{port}", None),
    ],
)
def test_a_foreign_page_records_no_verdict(house: Museum, host: str, origin: str | None) -> None:
    before = house.count_rows()
    host = host.format(port=house.port)
    origin = None if origin is None else origin.format(port=house.port)
    with Stream(house.port, host=host, origin=origin) as visit:
        judge(visit)
    assert house.count_rows() == before
    assert visit.raw == b""


def test_no_handshake_makes_the_server_call_anybody(house: Museum) -> None:
    """Streamlit would ask a server on the internet for our own address."""
    for origin in pick(FOREIGN_ORIGINS, house.port):
        with Stream(house.port, origin=origin) as visit:
            visit.run("", seconds=1)
    assert house.foreign_calls == []


def test_nothing_is_written_at_home_and_nobody_is_called(house: Museum, picture: bytes) -> None:
    """No library of ours leaves an id behind, or calls its maker, once it has been used."""
    assert wire.ask(house.port, "/api/classify", method="POST", body=picture).status == 200
    ours = {"calls.txt", "output.txt", "watch"}
    written = [each.name for each in house.home.iterdir() if each.name not in ours]
    assert [name for name in written if not name.startswith(house.verdicts.name)] == []
    assert house.foreign_calls == []
