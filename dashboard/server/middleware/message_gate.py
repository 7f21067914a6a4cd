"""What a browser may send over Streamlit's websocket: a few kinds of message, none large.

Streamlit accepts more than its pages send: messages that clear everybody's caches, write into the
program's folder or run git. Only those that this dashboard's pages need pass. With sign-in, the
session is checked again at each message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import anyio.to_thread
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.settings import below_base

# A thousand corners of a lasso are 20 KB, all widgets of a page 10 KB; pictures go by HTTP.
LARGEST: Final = 1 << 20  # bytes
KINDS: Final = frozenset(("rerun_script", "stop_script", "file_urls_request"))
OPERATIONS: Final = frozenset(("deferred_file", "dataframe_chunk"))  # of backend_operation_request
TOO_BIG: Final = 1009
BROKEN: Final = 1002
NOT_ALLOWED: Final = 1008

MayLook = Callable[[Mapping[str, str]], bool]


class MessageGate:
    """Passes on what the pages send. Anything else is dropped, or closes the websocket.

    ``may_look``: whether a session, by its cookies, may still see anything; None where nobody signs
    in. Whose may not is led to the sign-in page.
    """

    def __init__(self, app: ASGIApp, may_look: MayLook | None = None) -> None:
        self._app, self._may_look = app, may_look

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        conversation = _Conversation(HTTPConnection(scope).cookies, self._may_look, receive, send)
        await self._app(scope, conversation.receive, conversation.send)


class _Conversation:
    """One websocket. Once it is closed here, the program behind is told that the browser left."""

    def __init__(
        self,
        cookies: Mapping[str, str],
        may_look: MayLook | None,
        receive: Receive,
        send: Send,
    ) -> None:
        self._cookies, self._may_look = cookies, may_look
        self._receive, self._send = receive, send
        self._code = 0  # why it was closed here; 0: it was not

    async def receive(self) -> Message:
        while not self._code:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            data = message.get("bytes")
            code, is_wanted = judge(data)
            if code:
                await self._close(code)
            elif self._may_look and not await anyio.to_thread.run_sync(
                self._may_look, self._cookies
            ):
                await self._send({"type": "websocket.send", "bytes": build_farewell()})
                await self._close(NOT_ALLOWED)
            elif is_wanted:
                return message
        return {"type": "websocket.disconnect", "code": self._code}

    async def send(self, message: Message) -> None:
        if not self._code:
            await self._send(message)

    async def _close(self, code: int) -> None:
        self._code = code
        await self._send({"type": "websocket.close", "code": code})


def judge(data: bytes | None) -> tuple[int, bool]:
    """Why a message closes its websocket, 0 where it does not; and whether it is passed on."""
    if data is None:  # text: Streamlit's browsers never send any
        return BROKEN, False
    if len(data) > LARGEST:
        return TOO_BIG, False
    said = BackMsg()
    try:
        said.ParseFromString(data)
    except DecodeError:
        return BROKEN, False
    kind = said.WhichOneof("type")
    if kind == "backend_operation_request":
        return 0, said.backend_operation_request.WhichOneof("payload") in OPERATIONS
    return 0, kind in KINDS


def build_farewell() -> bytes:
    """Makes the browser load the page again, which is then the sign-in page."""
    said = ForwardMsg()
    said.auth_redirect.url = below_base("/")
    packed: bytes = said.SerializeToString()
    return packed
