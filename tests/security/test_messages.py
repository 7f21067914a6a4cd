"""What a websocket may say: nobody but who may look is answered, and nobody empties the caches."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from bench.server import CHECKOUT
from tests.security import wire
from tests.security.museum import Museum
from tests.security.sessions import Session, claim, seal
from tests.security.stream import Stream

pytestmark = pytest.mark.server

STRANGERS = ("nobody", "not on the list", "signed in 13 hours ago", "taken off the list")
# What the sign-in page itself is drawn with. Everything else would tell something, or do something.
DRAWING = {
    *("new_session", "delta", "navigation", "page_config_changed", "script_finished", "logo"),
    *("session_status_changed", "session_event", "page_info_changed", "ref_hash", "auth_redirect"),
    *("heartbeat_ack", "auto_rerun", "stop_auto_rerun", "page_not_found", "page_profile"),
}


def build_messages(session_id: str) -> dict[str, BackMsg]:
    """Every message that is no rerun, for the session ``session_id``."""
    messages = {
        "clear_cache": BackMsg(clear_cache=True),
        "load_git_info": BackMsg(load_git_info=True),
        "set_run_on_save": BackMsg(set_run_on_save=True),
        "stop_script": BackMsg(stop_script=True),
        "app_heartbeat": BackMsg(app_heartbeat=True),
        "debug_disconnect_websocket": BackMsg(debug_disconnect_websocket=True),
        "debug_shutdown_runtime": BackMsg(debug_shutdown_runtime=True),
    }
    wants = BackMsg()
    wants.file_urls_request.request_id, wants.file_urls_request.session_id = "1", session_id
    wants.file_urls_request.file_names.append("picture.jpg")
    messages["file_urls_request"] = wants
    for name in ("deferred_file", "dataframe_chunk", "install_skills", "dismiss_skills_nudge"):
        operation = BackMsg()
        request = operation.backend_operation_request
        request.request_id, request.session_id = name, session_id
        getattr(request, name).SetInParent()
        messages[name] = operation
    return messages


@pytest.fixture
def files() -> Iterator[None]:
    """Nothing is written beside the code."""

    def look() -> str:
        status = ["git", "status", "--porcelain", "--ignored=no"]
        return subprocess.run(status, cwd=CHECKOUT, capture_output=True, text=True).stdout

    before = look()
    yield
    assert look() == before


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("name", STRANGERS)
def test_who_has_no_right_gets_no_answer_but_the_sign_in_page(
    museum: Museum, sessions: list[Session], name: str
) -> None:
    session = next(each for each in sessions if each.name == name)
    with Stream(museum.port, session.cookies) as visit:
        own = visit.run("").session_id
        heard = visit.kinds
        for message in build_messages(own).values():
            visit.send(message)
        visit.listen(2)
        heard |= visit.kinds
        assert heard <= DRAWING
        assert museum.finder.find(visit.raw) == []


@pytest.mark.usefixtures("files")
def test_no_message_of_a_page_changes_the_server_or_tells_of_its_files(house: Museum) -> None:
    """Not even of one that may look: git, files beside the code, the running server."""
    with Stream(house.port) as visit:
        for message in build_messages(visit.run("").session_id).values():
            visit.send(message)
        visit.listen(3)
        told = visit.kinds
    assert "git_info_changed" not in told
    assert wire.ask(house.port, "/healthz").status == 200
    assert house.process.poll() is None


@pytest.mark.parametrize(
    "data",
    [b"\xff" * 64, b"", b"\x0a" * 1000, bytes(range(256)) * 64, b"\x08\x01" * 100_000],
    ids=["ones", "nothing", "tags", "all bytes", "long"],
)
def test_nonsense_tells_nothing(museum: Museum, house: Museum, data: bytes) -> None:
    for server, cookies in ((museum, {}), (house, {}), (museum, seal(claim("vic", museum.origin)))):
        with Stream(server.port, cookies) as visit:
            visit.send(data)
            visit.listen(0.3)
            assert b"Traceback" not in visit.raw
    assert wire.ask(museum.port, "/healthz").status == 200


def test_a_session_cannot_be_taken_over_by_its_id(museum: Museum) -> None:
    """The id is in each upload's address: whoever learns it must bring a cookie all the same."""
    with Stream(museum.port, seal(claim("vic", museum.origin))) as visit:
        known = visit.run("outliers").session_id
        assert known
    with Stream(museum.port, session=known) as thief:
        thief.run("outliers")
        assert museum.finder.find(thief.raw) == []


def test_a_file_is_not_made_for_who_was_taken_off_the_list(museum: Museum) -> None:
    """A download that a page offered: its maker still lies on the server."""
    people = museum.people.read_text()
    with Stream(museum.port, seal(claim("late", museum.origin))) as visit:
        visit.run_open("Download", "outliers")
        message = build_messages(visit.session_id)["deferred_file"]
        message.backend_operation_request.deferred_file.file_id = visit.deferred[0]
        museum.people.write_text(people.replace("late@", "xxxx@"))
        try:
            visit.raw = b""
            visit.send(message)
            visit.listen(3)
        finally:
            museum.people.write_text(people)
    assert b"/media/" not in visit.raw
