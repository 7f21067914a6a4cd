"""Clients that send a byte a second, read nothing, or only hold on: the others are served."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.security import wire
from tests.security.museum import Museum, open_museum
from tests.security.paths import FORM
from tests.security.pulse import Stopwatch, watch
from tests.security.sentinels import RUN
from tests.security.stream import Stream

pytestmark = pytest.mark.server

CROWD: Final = 40  # more than the threads that work for the server
IDLE: Final = 200
SECONDS: Final = 5  # of each attack at least
PATIENCE: Final = 10.0  # seconds that a page and a picture may take
LONGEST: Final = 60.0  # seconds of anything that ends at once or never
LARGE: Final = f"/iiif/3/{RUN}:0/full/^1500,/0/default.png"

Lines = list[socket.socket]


@pytest.fixture(scope="module")
def server(artifacts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Museum]:
    """A server that nobody else attacks meanwhile."""
    with open_museum(tmp_path_factory.mktemp("slow"), artifacts, "--api") as server:
        yield server


@pytest.fixture
def crowd() -> Iterator[ExitStack]:
    """Connections, closed at the end."""
    with ExitStack() as opened:
        yield opened


def hold(crowd: ExitStack, port: int, begins: list[bytes], receive: int = 0) -> Lines:
    """A connection for each of ``begins``, which it sends; small buffers of ``receive`` bytes."""
    lines = []
    for begin in begins:
        line = crowd.enter_context(socket.socket())
        if receive:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        line.settimeout(LONGEST)
        line.connect(("127.0.0.1", port))
        line.sendall(begin)
        lines.append(line)
    return lines


def drip(lines: Lines, over: threading.Event, seconds: float = SECONDS) -> None:
    """A byte a second on each of ``lines`` until ``over``; some may have been hung up."""
    until = time.monotonic() + seconds
    while time.monotonic() < until or not over.is_set():
        for line in lines:
            with suppress(OSError):
                line.sendall(b"a")
        time.sleep(1)


def begin_posts(server: Museum) -> list[bytes]:
    with Stream(server.port) as visit:
        session_id = visit.run("").session_id
    upload = f"/_stcore/upload_file/{session_id}/a-file"
    heads = [
        build(server, "/api/classify", "POST", {"Content-Type": "image/jpeg"}),
        build(server, "/api/classify", "POST", FORM),
        build(server, upload, "PUT", FORM),
        build(server, "/", "POST", {"Content-Type": "application/x-www-form-urlencoded"}),
        build(server, "/_stcore/agent/interact", "POST", {"Content-Type": "application/json"}),
    ]
    return [heads[place % len(heads)] for place in range(CROWD)]


def build(server: Museum, path: str, method: str, headers: dict[str, str]) -> bytes:
    long = {"Content-Length": "1000000", "Connection": "keep-alive"}
    own = f"127.0.0.1:{server.port}"
    return wire.build_request(path, own, method, headers | long).replace(
        b"Content-Length: 0\r\n", b""
    )


def begin_heads(server: Museum) -> list[bytes]:
    return [f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nX-Slow: ".encode()] * CROWD


def begin_readers(server: Museum) -> list[bytes]:
    own = f"127.0.0.1:{server.port}"
    script = wire.ask(server.port, "/").body.decode().split('src="./')[1].split('"')[0]
    paths = [LARGE, f"/images/{RUN}/0/full.jpg", f"/{script}", f"/points/{RUN}.bin"]
    return [wire.build_request(paths[place % len(paths)], own) for place in range(CROWD)]


def begin_sockets(server: Museum) -> list[bytes]:
    own = f"127.0.0.1:{server.port}"
    whole = wire.build_request(
        "/_stcore/stream", own, headers=wire.UPGRADE | {"Origin": f"http://{own}"}
    )
    frame = b"\x82\xfe\xff\xff\0\0\0\0"  # a message of 65,535 bytes that never comes
    begins = [whole, whole[:-10], whole + frame, whole + frame + b"a" * 100]
    return [begins[place % len(begins)] for place in range(CROWD)]


def begin_nothing(_: Museum) -> list[bytes]:
    return [b""] * IDLE


ATTACKS: Final[dict[str, Callable[[Museum], list[bytes]]]] = {
    "posts": begin_posts,
    "heads": begin_heads,
    "readers": begin_readers,
    "websockets": begin_sockets,
    "idle": begin_nothing,
}


def serve_somebody_else(server: Museum, picture: bytes) -> None:
    """A page, a picture, points and the model's answer for a client that is not slow."""
    stopwatch = Stopwatch(server)
    with Stream(server.port) as visit:
        assert server.finder.find(visit.run("outliers").raw)
    for path in ("/", f"/images/{RUN}/1/320.jpg", f"/points/{RUN}/1.json", "/readyz"):
        assert wire.ask(server.port, path).status == 200, path
    answer = wire.ask(server.port, "/api/classify", method="POST", body=picture)
    assert answer.status == 200, answer.body[:200]
    assert stopwatch.read() < PATIENCE


@pytest.mark.parametrize("attack", ATTACKS)
def test_slow_clients_hold_up_nobody(
    server: Museum, crowd: ExitStack, picture: bytes, attack: str
) -> None:
    serve_somebody_else(server, picture)
    begins = ATTACKS[attack](server)
    with watch(server):
        lines = hold(crowd, server.port, begins, receive=2048 if attack == "readers" else 0)
        is_sending, over = attack in {"posts", "heads"}, threading.Event()
        with ThreadPoolExecutor(1) as pool:
            dripping = pool.submit(drip, lines if is_sending else [], over)
            try:
                serve_somebody_else(server, picture)
            finally:
                over.set()
            dripping.result()
    serve_somebody_else(server, picture)
    crowd.close()
    serve_somebody_else(server, picture)


def test_no_page_can_stop_the_decoders(server: Museum, picture: bytes) -> None:
    """``clear_cache`` while pictures are being decoded: each gets its answer, or a busy sign."""

    def post(_: int) -> int:
        return wire.ask(server.port, "/api/classify", method="POST", body=picture).status

    with watch(server), Stream(server.port) as visit, ThreadPoolExecutor(CROWD) as pool:
        posted = [pool.submit(post, each) for each in range(CROWD)]
        for _ in range(10):
            visit.send(BackMsg(clear_cache=True))
            time.sleep(0.1)
        statuses = {each.result(timeout=LONGEST) for each in posted}
    assert statuses <= {200, 503}
    serve_somebody_else(server, picture)


def test_whoever_holds_on_the_server_ends_when_it_is_told_to(
    artifacts: Path, tmp_path: Path
) -> None:
    with ExitStack() as crowd, open_museum(tmp_path, artifacts, "--api") as server:
        lines = [
            line
            for name, begin in ATTACKS.items()
            for line in hold(
                crowd, server.port, begin(server), receive=2048 if name == "readers" else 0
            )
        ]
        over = threading.Event()
        over.set()
        drip(lines[:CROWD], over, seconds=1)
        server.process.send_signal(signal.SIGTERM)
        try:
            server.process.wait(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            server.process.kill()
            pytest.fail(f"the server still ran {LONGEST:.0f} s after SIGTERM")
