"""Puts ``dashboard.server.page_head`` into the pages that Streamlit serves."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEAD: Final = b"<head>"
_OF_OTHER_BYTES: Final = ("etag", "last-modified", "accept-ranges")  # what described the file
# Headers of a request that the page behind is not to see: it must come, whole and as text.
_HIDDEN: Final = (b"if-none-match", b"if-modified-since", b"range", b"accept-encoding")


class PageHead:
    """Adds ``head``, HTML, to the head of the pages at ``paths``."""

    def __init__(self, app: ASGIApp, paths: Collection[str], head: bytes) -> None:
        self._app, self._paths, self._head = app, frozenset(paths), head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_asked = scope["type"] == "http" and scope["method"] == "GET"
        if not is_asked or scope["path"] not in self._paths:
            await self._app(scope, receive, send)
            return
        asked = [pair for pair in scope["headers"] if pair[0] not in _HIDDEN]
        await self._app({**scope, "headers": asked}, receive, _Insertion(send, self._head).take)


class _Insertion:
    """Holds an answer back until its body is whole, and sends it on with ``head``."""

    def __init__(self, send: Send, head: bytes) -> None:
        self._send, self._head = send, head
        self._start: Message | None = None
        self._body = bytearray()

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_page(self._start)

    async def _send_page(self, start: Message) -> None:
        body = bytes(self._body).replace(_HEAD, _HEAD + self._head, 1)
        headers = MutableHeaders(scope=start)
        for name in _OF_OTHER_BYTES:
            if name in headers:
                del headers[name]
        headers["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _is_page(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    kind, coding = headers.get("content-type", ""), headers.get("content-encoding", "")
    return start["status"] == 200 and kind.startswith("text/html") and coding in ("", "identity")
