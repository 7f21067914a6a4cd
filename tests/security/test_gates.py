"""What the gates of a real server say: to strangers, to who has left, to nonsense."""

from __future__ import annotations

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from bench.server import find_port, run
from core.reviews import open_log
from tests.security import wire
from tests.security.conftest import take_off_the_list
from tests.security.museum import Museum
from tests.security.pulse import Stopwatch, watch
from tests.security.sentinels import RUN
from tests.security.sessions import COOKIE, Session, claim, seal
from tests.security.stream import PATIENCE, Stream

pytestmark = pytest.mark.server

PICTURE = f"/images/{RUN}/0/160.jpg"
FOREIGN = (
    *("http://localhost:3000", "http://127.0.0.1:1", "https://evil.example", "null"),
    *("http://8.8.8.8", "http://127.0.0.1.evil.example:{port}", "http://user@127.0.0.1:{port}"),
)


def knock(port: int, cookies: dict[str, str] | None = None, origin: str = "") -> int:
    """The status that a handshake of the websocket gets."""
    headers = wire.UPGRADE | {"Origin": origin or f"http://127.0.0.1:{port}"}
    headers |= Session("", cookies or {}).header
    return wire.ask(port, "/_stcore/stream", headers=headers).status


def test_a_stranger_gets_no_websocket(museum: Museum) -> None:
    assert knock(museum.port) == 401
    assert knock(museum.port, {COOKIE: "nonsense"}) == 401
    assert knock(museum.port, seal(claim("eve", museum.origin))) == 403
    assert knock(museum.port, seal(claim("ada", museum.origin, verified=False))) == 403
    assert knock(museum.port, seal(claim("vic", museum.origin))) == wire.SWITCHED


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_origin_is_refused_quickly(museum: Museum, house: Museum, origin: str) -> None:
    for server in (museum, house):
        asked = origin.format(port=server.port)
        stopwatch = Stopwatch(server)
        assert knock(server.port, seal(claim("ada", server.origin)), asked) == 403
        assert stopwatch.read() < 2
        assert wire.ask(server.port, "/", headers={"Origin": asked}).status == 403
    assert house.foreign_calls == []


def test_a_rebound_name_is_refused_by_its_name(house: Museum) -> None:
    for name in (f"evil.example:{house.port}", "evil.example", f"127.0.0.1:{house.port - 1}"):
        answer = wire.ask(house.port, PICTURE, name)
        assert answer.status == 421
        assert name.encode() in answer.body
        assert b"--public-address" in answer.body
    assert wire.ask(house.port, "/healthz", f"localhost:{house.port}").status == 200


def test_nothing_freezes_while_strangers_attack(house: Museum) -> None:
    """Foreign Origins, and everybody's caches."""

    def attack(number: int) -> int:
        return knock(house.port, origin=f"http://{number}.evil.example")

    with Stream(house.port) as visit:
        visit.run("")
        with watch(house), ThreadPoolExecutor(4) as pool:
            for _ in range(5):
                visit.send(BackMsg(clear_cache=True))
            assert set(pool.map(attack, range(12))) == {403}
        visit.run("")
        assert "script_finished" in visit.kinds


def test_a_server_that_stands_still_is_noticed(house: Museum) -> None:
    """Else the tests that watch one could not fail."""

    def stand_still() -> None:
        with watch(house):
            house.process.send_signal(signal.SIGSTOP)
            time.sleep(6)
            house.process.send_signal(signal.SIGCONT)

    with pytest.raises(AssertionError, match="worst"):
        stand_still()


@pytest.mark.parametrize(
    "said", [b"\xff\xff\xff\xff", "text", bytes((1 << 20) + 1)], ids=["ones", "text", "long"]
)
def test_what_is_no_message_closes_the_websocket(house: Museum, said: bytes | str) -> None:
    with Stream(house.port) as visit:
        visit.send(said)
        visit.listen(PATIENCE)
        assert not visit.is_open


def test_who_is_taken_off_the_list_is_sent_away_at_the_next_message(museum: Museum) -> None:
    """Though the list keeps its size and its time."""
    people, cookies = museum.people.read_text(), seal(claim("late", museum.origin))
    with Stream(museum.port, cookies) as visit:
        visit.run("")
        take_off_the_list(museum.people, "late@museum.org")
        try:
            assert is_sent_away(visit)
            assert knock(museum.port, cookies) == 403
        finally:
            museum.people.write_text(people)


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(museum: Museum) -> None:
    log = open_log(museum.verdicts)
    before = len(log.sign_outs.load())
    session = Session("", seal(claim("vic", museum.origin, jti="copied")))
    with Stream(museum.port, session.cookies) as visit:
        visit.run("")
        assert wire.ask(museum.port, "/auth/logout", headers=session.header).status == 302
        assert is_sent_away(visit)
    assert wire.ask(museum.port, PICTURE, headers=session.header).status == 401
    assert wire.ask(museum.port, "/", headers=session.header).status == 401
    assert len(log.sign_outs.load()) == before + 1
    log.close()


def is_sent_away(visit: Stream) -> bool:
    """Whether the next run sends the browser to the sign-in, draws nothing and hangs up."""
    visit.run("")
    sent = [each.auth_redirect.url for each in visit.heard if each.HasField("auth_redirect")]
    return sent == ["/"] and "new_session" not in visit.kinds and not visit.is_open


def test_another_server_takes_its_port_and_keeps_the_gate(artifacts: Path, tmp_path: Path) -> None:
    """``uvicorn --factory``: the address is the one that a connection came in on."""
    port = find_port()
    command = ["-m", "uvicorn", "--factory", "dashboard.app:build_app"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    known = {"ARTEXTRACT_ARTIFACTS": str(artifacts), "HOME": str(tmp_path)}
    known |= {"ARTEXTRACT_REVIEWS": str(tmp_path / "log.sqlite")}
    with run(command, f"http://127.0.0.1:{port}/healthz", known):
        assert wire.ask(port, PICTURE).status == 200
        assert wire.ask(port, "/healthz", "evil.example").status == 421
        assert knock(port) == wire.SWITCHED
        assert knock(port, origin="http://localhost:8501") == 403
