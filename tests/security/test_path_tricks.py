"""Addresses that try to leave their folder, and requests that try to be two."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from core.artifacts import open_run
from dashboard.server.assets import compute_digest
from tests.security import wire
from tests.security.museum import Museum, describe, open_museum
from tests.security.sentinels import RUN, VARIABLE, build_sentinel_run
from tests.security.sessions import SECRET

pytestmark = pytest.mark.server

Trick = Callable[[str], str]  # a path without its first slash -> what is asked for below a route


def climb(step: str, times: int = 12) -> Trick:
    return lambda path: step * times + path


TRICKS: Final[dict[str, Trick]] = {
    "..": climb("../"),
    "encoded": climb("%2e%2e/"),
    "encoded slash": climb("..%2f"),
    "all encoded": climb("%2e%2e%2f"),
    "twice encoded": climb("%252e%252e%252f"),
    "backslashes": climb("..\\"),
    "encoded backslashes": climb("..%5c"),
    "both slashes": climb("..\\/"),
    "dots doubled": climb("....//"),
    "overlong": climb("%c0%ae%c0%ae%c0%af"),
    "unicode dots": climb("%ef%bc%8e%ef%bc%8e/"),
    "unicode slash": climb("..%ef%bc%8f"),
    "one dot leader": climb("%e2%80%a4%e2%80%a4/"),
    "absolute": lambda path: f"/{path}",
    "absolute, encoded": lambda path: f"%2f{path}",
    "a share": lambda path: f"//localhost/{path}",
    "a file's address": lambda path: f"file:///{path}",
    "parameters": climb("..;x/"),
    "NUL": lambda path: f"../../../../../../{path}%00.jpg",
    "a line break": lambda path: f"../../../../../../{path}%0d%0a.jpg",
    "trailing dot": lambda path: f"../../../../../../{path}.",
    "trailing space": lambda path: f"../../../../../../{path}%20",
    "upper case": lambda path: f"%2E%2E/%2E%2E/%2E%2E/%2E%2E/%2E%2E/{path}",
    "a query": lambda path: f"?file=../../../../{path}",
    "a fragment": lambda path: f"#/../../../../{path}",
    "very long": lambda path: "a/../" * 2000 + path,
    "home": lambda path: f"~/../../../../{path}",
    "a stream": lambda path: f"../../../../../../{path}::$DATA",
}
BASES: Final = (
    *("/", f"/images/{RUN}/0/", "/images/", f"/images/{RUN}/", "/iiif/3/", f"/iiif/3/{RUN}:0/"),
    *(f"/points/{RUN}/", "/points/", f"/components/point_cloud/{compute_digest()}/", "/vendor/"),
    *("/static/", "/static/js/", "/media/", "/component/", "/component/streamlit/", "/app/static/"),
    *("/_stcore/bidi-components/", "/_stcore/upload_file/", "/_stcore/"),
)
MARKS: Final = (SECRET.encode(), b"cookie_secret", VARIABLE.encode(), b"root:", b"SQLite format")


@pytest.fixture(params=["museum", "house"])
def server(request: pytest.FixtureRequest) -> Museum:
    """Both kinds of server."""
    museum: Museum = request.getfixturevalue(request.param)
    return museum


@pytest.mark.parametrize("trick", TRICKS)
def test_no_address_leads_to_a_file_elsewhere(server: Museum, trick: str) -> None:
    files = (
        "etc/passwd",
        "proc/self/environ",
        f"{server.home}/.streamlit/secrets.toml".lstrip("/"),
        str(server.verdicts).lstrip("/"),
    )
    found, failed = {}, []
    for base in BASES:
        for file in files:
            target = base + TRICKS[trick](file)
            answer = wire.ask(server.port, target)
            if hits := [mark.decode() for mark in MARKS if mark in answer.text]:
                found[target] = hits
            if answer.status >= 500:
                failed.append(target)
    assert not found, describe(found)
    assert failed == []


@pytest.mark.parametrize(
    "run_id",
    [
        *("..", ".", "%2e", "images", "images/synthetic", "..%2f..", f"{RUN}%2f", f"{RUN}/.", ""),
        *(f"./{RUN}", f"{RUN}%00", f"{RUN}%20", f"{RUN.upper()}", "~", "-", "*", "con", ".work"),
        *("a" * 5000, "%f0%9f%a6%98", "0", "None", "reviews.sqlite", "%252e%252e"),
    ],
)
def test_what_is_no_run_has_no_pictures(house: Museum, run_id: str) -> None:
    for path in (
        *(f"/images/{run_id}/0/full.jpg", f"/iiif/3/{run_id}:0/full/max/0/default.jpg"),
        *(f"/points/{run_id}.bin", f"/points/{run_id}/0.json", f"/iiif/3/{run_id}:0/info.json"),
    ):
        answer = wire.ask(house.port, path)
        assert answer.refused or 300 <= answer.status < 400, path
        assert not answer.body.startswith(b"\xff\xd8"), path


@pytest.mark.parametrize(
    "row", ["-1", "60", "99999999999999999999", "9" * 4000, "0x0", "1e3", "%30", "٠", "+0", "0.0"]
)
def test_what_is_no_row_breaks_nothing(house: Museum, row: str) -> None:
    row = row if row.isascii() else "%d9%a0"
    for path in (
        f"/images/{RUN}/{row}/full.jpg",
        f"/points/{RUN}/{row}.json",
        f"/iiif/3/{RUN}:{row}",
    ):
        assert wire.ask(house.port, path).status < 500, path


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Museum, dict[str, int]]]:
    """A server whose store holds links, a pipe and folders in the place of pictures; their rows."""
    root = tmp_path_factory.mktemp("planted")
    run = open_run(build_sentinel_run(root))
    store = root / "images" / run.manifest.collection.image_store
    pictures = [store / image for image in run.paintings["image"]]
    home = tmp_path_factory.mktemp("home")
    elsewhere = home / "elsewhere.jpg"
    shutil.copy(pictures[20], elsewhere)
    (home / "folder").symlink_to(home)
    text = home / "text.jpg"
    text.write_text(f"cookie_secret {SECRET}")
    targets = {
        "a link to a secret": text,
        "a link to the environment": Path("/proc/self/environ"),
        "a link to another picture": elsewhere,
        "a link through a folder": home / "folder" / "elsewhere.jpg",
        "a link to itself": pictures[4],
        "a pipe": None,
        "a folder": None,
        "a secret itself": None,
    }
    rows = {name: row for row, name in enumerate(targets)}
    for name, target in targets.items():
        path = pictures[rows[name]]
        path.unlink()
        if target is not None:
            path.symlink_to(target)
        elif name == "a pipe":
            os.mkfifo(path)
        elif name == "a folder":
            path.mkdir()
        else:
            path.write_bytes(text.read_bytes())
    with open_museum(home, root, "--api") as museum:
        yield museum, rows


@pytest.mark.parametrize(
    "what",
    [
        *("a link to a secret", "a link to the environment", "a link to another picture"),
        *("a link through a folder", "a link to itself", "a pipe", "a folder", "a secret itself"),
    ],
)
def test_what_was_planted_in_the_store_is_not_served(
    planted: tuple[Museum, dict[str, int]], what: str
) -> None:
    museum, rows = planted
    for path in (
        *(f"/images/{RUN}/{rows[what]}/{size}.jpg" for size in ("full", "160")),
        *(f"/iiif/3/{RUN}:{rows[what]}/{rest}" for rest in ("info.json", "full/max/0/default.jpg")),
    ):
        answer = wire.ask(museum.port, path)
        assert answer.refused, (path, answer.status, answer.body[:40])
        assert not any(mark in answer.text for mark in MARKS)
    assert wire.ask(museum.port, f"/images/{RUN}/30/full.jpg").status == 200
    assert wire.ask(museum.port, "/healthz").status == 200


HIDDEN: Final = "GET /images/{run}/0/full.jpg HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 0\r\nContent-Length: {n}",
        "Content-Length: {n}\r\nContent-Length: 0",
        "Content-Length: 0, {n}",
        "Content-Length: {n}\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding:\x0bchunked",
        "Transfer-Encoding: xchunked",
        "Content-Length: +{n}",
        "Content-Length: -1",
        "Content-Length: 0x10",
        " Content-Length: {n}",
        "X: y\r\n Content-Length: {n}",
        "X: y\nContent-Length: {n}",
        "Expect: 100-continue\r\nContent-Length: {n}",
    ],
)
def test_a_request_is_one_request(house: Museum, head: str) -> None:
    """Where lengths contradict each other, nothing behind the first request is answered."""
    hidden = HIDDEN.format(run=RUN, port=house.port)
    first = "POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{head}\r\n\r\n0\r\n\r\n{hidden}"
    heard = wire.converse(
        house.port,
        first.format(port=house.port, head=head.format(n=len(hidden) + 5), hidden=hidden).encode(
            "latin-1"
        ),
        seconds=1,
    )
    assert b"\xff\xd8\xff" not in heard
    assert heard.count(b"HTTP/1.1 200") == 0


@pytest.mark.parametrize(
    "line",
    [
        "GET / HTTP/9.9",
        "GET / HTTP/0.9",
        "GET /",
        "get / HTTP/1.1",
        "GET\t/\tHTTP/1.1",
        "GET  / HTTP/1.1",
        "G\x00T / HTTP/1.1",
        "CONNECT evil.example:443 HTTP/1.1",
        "TRACE / HTTP/1.1",
        "DEBUG /images HTTP/1.1",
        "PROPFIND / HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "PRI * HTTP/2.0",
        "\x16\x03\x01\x02\x00",
    ],
)
def test_a_strange_first_line_breaks_nothing(server: Museum, line: str) -> None:
    heard = wire.converse(
        server.port,
        f"{line}\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n".encode("latin-1"),
        seconds=1,
    )
    assert b"Traceback" not in heard
    assert not heard.startswith(b"HTTP/1.1 5")
    assert b"TRACE /" not in heard
    assert wire.ask(server.port, "/healthz").status == 200
