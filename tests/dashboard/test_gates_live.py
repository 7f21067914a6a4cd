"""The gates of a real server, attacked over real sockets."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from bench.server import CHECKOUT, find_port, wait_for
from core.reviews import open_log
from tests.dashboard.museum import PEOPLE, Museum, open_museum, rerun, time_health

pytestmark = [pytest.mark.slow, pytest.mark.server]
TRIES = 3  # a machine may be busy with something else once
SLOWEST = 0.25  # seconds that /healthz may take while others attack
EDITED = PEOPLE.replace("ada@museum.org", "eve@museum.org")  # of the same size


class Trap:
    """Poses as the proxy to the internet: keeps what it is asked for, and answers nothing."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self.address = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self.asked: list[str] = []

    def __enter__(self) -> Trap:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(timeout=10)

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._server.accept()
                with caller:
                    caller.settimeout(5)
                    self.asked.append(caller.recv(1000).decode(errors="replace"))


@pytest.fixture(scope="module")
def museum(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Museum]:
    with open_museum(built, tmp_path_factory.mktemp("museum"), "--api") as museum:
        yield museum
        museum.people.write_text(PEOPLE)


@pytest.fixture(scope="module")
def house(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Museum]:
    """Without sign-in. What it asks of the network goes to a proxy that counts."""
    with Trap() as trap:
        home = tmp_path_factory.mktemp("house")
        proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), trap.address)
        with open_museum(built, home, "--api", sign_in=False, **proxies) as house:
            yield house
        assert trap.asked == []


def read_until(talk: ClientConnection, is_it: Callable[[ForwardMsg], bool]) -> ForwardMsg:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        heard = ForwardMsg()
        heard.ParseFromString(talk.recv(timeout=60))  # type: ignore[arg-type]
        if is_it(heard):
            return heard
    raise TimeoutError


def read_farewell(talk: ClientConnection) -> str:
    """Where the browser is sent, before anything is drawn."""
    kinds = ("auth_redirect", "new_session")
    return read_until(talk, lambda heard: heard.WhichOneof("type") in kinds).auth_redirect.url


def is_finished(heard: ForwardMsg) -> bool:
    return heard.WhichOneof("type") == "script_finished"


def clear_cache() -> bytes:
    said = BackMsg()
    said.clear_cache = True
    return said.SerializeToString()


def test_a_stranger_gets_no_websocket(museum: Museum) -> None:
    assert museum.knock() == 401
    assert museum.knock({"_streamlit_user": "nonsense"}) == 401
    assert museum.knock(museum.cookies("eve@elsewhere.org")) == 403
    assert museum.knock(museum.cookies(email_verified=False)) == 403
    assert museum.knock(museum.cookies("vic@museum.org")) == 101


@pytest.mark.parametrize(
    "origin",
    [
        *("http://localhost:3000", "http://127.0.0.1:1", "https://evil.example", "null"),
        *("http://8.8.8.8", "http://127.0.0.1.evil.example:{port}", "http://user@127.0.0.1:{port}"),
    ],
)
def test_a_foreign_origin_is_refused_quickly(museum: Museum, house: Museum, origin: str) -> None:
    for server in (museum, house):
        asked = origin.format(port=server.port)
        started = time.monotonic()
        assert server.knock(server.cookies(), origin=asked) == 403
        assert time.monotonic() - started < 2
        assert server.get("/", {"Origin": asked})[0] == 403


def test_a_rebound_name_is_refused(house: Museum) -> None:
    for name in (f"evil.example:{house.port}", "evil.example", f"127.0.0.1:{house.port - 1}"):
        status, text = house.get("/images/synthetic-1/0/160.jpg", {"Host": name})
        assert status == 421
        assert name in text
        assert "--public-address" in text
    assert house.get("/healthz", {"Host": f"localhost:{house.port}"})[0] == 200


def test_nothing_freezes_while_strangers_attack(house: Museum) -> None:
    """Four foreign Origins, and everybody's caches."""

    def attack(number: int) -> int:
        return house.knock(origin=f"http://{number}.evil.example")

    def attack_all() -> float:
        watched = pool.submit(time_health, house, 2.0)
        for _ in range(5):
            talk.send(clear_cache())
        assert list(pool.map(attack, range(4))) == [403] * 4
        return watched.result()

    with ThreadPoolExecutor(6) as pool, house.talk() as talk:
        talk.send(rerun())
        read_until(talk, is_finished)
        assert min(attack_all() for _ in range(TRIES)) < SLOWEST
        talk.send(rerun())
        read_until(talk, is_finished)


def test_what_is_no_message_closes_the_websocket(house: Museum) -> None:
    for sent in (b"\xff\xff\xff\xff", "text", b"\0" * ((1 << 20) + 1)):
        with house.talk() as talk:
            talk.send(sent)
            with pytest.raises(ConnectionClosed):
                read_until(talk, lambda _: False)


def test_who_is_taken_off_the_list_is_out_at_the_next_message(museum: Museum) -> None:
    """Though the list keeps its size and its time."""
    with museum.talk(museum.cookies()) as talk:
        talk.send(rerun())
        read_until(talk, is_finished)
        before = museum.people.stat()
        museum.people.write_text(EDITED)
        os.utime(museum.people, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert museum.people.stat().st_size == before.st_size
        talk.send(rerun())
        assert read_farewell(talk) == "/"
        with pytest.raises(ConnectionClosed):
            talk.recv(timeout=20)
    assert museum.knock(museum.cookies()) == 403
    museum.people.write_text(PEOPLE)


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(
    museum: Museum, built: Path, tmp_path: Path
) -> None:
    cookies = museum.cookies(session="one")
    sent = {"Cookie": f"_streamlit_user={cookies['_streamlit_user']}"}
    with museum.talk(cookies) as talk:
        talk.send(rerun())
        read_until(talk, is_finished)
        assert museum.get("/auth/logout", sent)[0] == 302
        talk.send(rerun())
        assert read_farewell(talk) == "/"
    assert museum.get("/images/synthetic-1/0/160.jpg", sent)[0] == 401
    assert museum.get("/", sent)[0] == 401
    log = open_log(museum.verdicts)
    assert len(log.sign_outs.load()) == 1
    log.close()


def test_the_server_ends_though_slow_posts_are_open(built: Path, tmp_path: Path) -> None:
    with open_museum(built, tmp_path, "--api", sign_in=False) as house, ExitStack() as opened:
        for number in range(28):
            post = opened.enter_context(socket.create_connection(("127.0.0.1", house.port)))
            head = f"POST /api/classify HTTP/1.1\r\nHost: 127.0.0.1:{house.port}\r\n"
            post.sendall(f"{head}Content-Length: 100000\r\n\r\n{'x' * number}".encode())
        assert min(time_health(house, 1.0) for _ in range(TRIES)) < SLOWEST
        started = time.monotonic()
        house.process.terminate()
        house.process.wait(timeout=10)
        assert time.monotonic() - started < 6


def test_another_server_takes_its_port_and_keeps_the_gate(built: Path, tmp_path: Path) -> None:
    """``uvicorn --factory``: the address is the one that a connection came in on."""
    port = find_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", "dashboard.app:build_app"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    known = os.environ | {"ARTEXTRACT_ARTIFACTS": str(built), "ARTEXTRACT_PEOPLE": ""}
    known |= {"ARTEXTRACT_REVIEWS": str(tmp_path / "log.sqlite"), "HOME": str(tmp_path)}
    with subprocess.Popen(command, cwd=CHECKOUT, env=known) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/healthz", process)
            house = Museum(address, process, tmp_path, tmp_path)
            assert house.get("/images/synthetic-1/0/160.jpg")[0] == 200
            assert house.get("/healthz", {"Host": "evil.example"})[0] == 421
            assert house.knock() == 101
            assert house.knock(origin="http://localhost:8501") == 403
        finally:
            process.kill()
