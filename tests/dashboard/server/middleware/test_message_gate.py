"""What comes through of what a browser says over the websocket."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.server.middleware.message_gate import (
    BROKEN,
    KINDS,
    LARGEST,
    NOT_ALLOWED,
    OPERATIONS,
    TOO_BIG,
    MessageGate,
)

DROPPED = sorted({field.name for field in BackMsg.DESCRIPTOR.fields} - KINDS)
OPERATIONS_OF_STREAMLIT = {"deferred_file", "dataframe_chunk", "install_skills"}
OPERATIONS_OF_STREAMLIT |= {"dismiss_skills_nudge"}


def say(kind: str) -> bytes:
    said = BackMsg()
    field = BackMsg.DESCRIPTOR.fields_by_name[kind]
    if field.message_type is None:
        setattr(said, kind, True)
    else:
        getattr(said, kind).SetInParent()
    return said.SerializeToString()


def operate(kind: str) -> bytes:
    said = BackMsg()
    getattr(said.backend_operation_request, kind).SetInParent()
    return said.SerializeToString()


@pytest.fixture
def allowed() -> list[bool]:
    """Whether the session stands: change its only element."""
    return [True]


@pytest.fixture
def client(allowed: list[bool]) -> TestClient:
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        while True:
            await socket.send_bytes(await socket.receive_bytes())

    async def handle(socket: WebSocket) -> None:
        try:
            await echo(socket)
        except WebSocketDisconnect:
            return

    gate = Middleware(MessageGate, may_look=lambda _: allowed[0])
    return TestClient(Starlette(routes=[WebSocketRoute("/", handle)], middleware=[gate]))


def test_the_kinds_are_streamlits() -> None:
    """A kind that a new Streamlit brings is dropped until somebody has looked at it."""
    assert {"clear_cache", "debug_shutdown_runtime", "load_git_info"} <= set(DROPPED)
    assert {field.name for field in BackMsg.DESCRIPTOR.fields} >= KINDS
    assert OPERATIONS <= OPERATIONS_OF_STREAMLIT


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_pages_send_comes_through(client: TestClient, kind: str) -> None:
    with client.websocket_connect("/") as talk:
        talk.send_bytes(say(kind))
        assert talk.receive_bytes() == say(kind)


@pytest.mark.parametrize(
    "sent",
    [
        *(say(kind) for kind in DROPPED),
        *(operate(kind) for kind in sorted(OPERATIONS_OF_STREAMLIT - OPERATIONS)),
        b"",
        b"\xfa\x06\x01x",  # a field that nobody knows
    ],
)
def test_what_they_do_not_send_is_dropped(client: TestClient, sent: bytes) -> None:
    with client.websocket_connect("/") as talk:
        talk.send_bytes(sent)
        talk.send_bytes(say("rerun_script"))
        assert talk.receive_bytes() == say("rerun_script")


@pytest.mark.parametrize("kind", sorted(OPERATIONS))
def test_operations_of_the_pages_come_through(client: TestClient, kind: str) -> None:
    with client.websocket_connect("/") as talk:
        talk.send_bytes(operate(kind))
        assert talk.receive_bytes() == operate(kind)


@pytest.mark.parametrize(
    ("sent", "code"),
    [(b"\xff\xff\xff", BROKEN), (b"\0" * (LARGEST + 1), TOO_BIG), ("text", BROKEN)],
)
def test_what_is_no_message_closes_it(client: TestClient, sent: bytes | str, code: int) -> None:
    with client.websocket_connect("/") as talk:
        talk.send_text(sent) if isinstance(sent, str) else talk.send_bytes(sent)
        with pytest.raises(WebSocketDisconnect) as closed:
            talk.receive_bytes()
    assert closed.value.code == code


@pytest.mark.parametrize("kind", ["rerun_script", "clear_cache"])
def test_whoever_may_no_longer_look_is_led_away(
    client: TestClient, allowed: list[bool], kind: str
) -> None:
    with client.websocket_connect("/") as talk:
        talk.send_bytes(say("rerun_script"))
        talk.receive_bytes()
        allowed[0] = False
        talk.send_bytes(say(kind))
        heard = ForwardMsg()
        heard.ParseFromString(talk.receive_bytes())
        assert heard.auth_redirect.url == "/"
        with pytest.raises(WebSocketDisconnect) as closed:
            talk.receive_bytes()
    assert closed.value.code == NOT_ALLOWED
