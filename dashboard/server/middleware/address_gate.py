"""Refuses requests that a page of another site made a browser send, before anything else.

Both HTTP and websockets: ``Host`` and ``Origin`` by ``dashboard.access.addresses``, and what
browsers say about the source of a request (``Sec-Fetch-Site``). Programs send neither and pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from dashboard.access.addresses import Addresses
from dashboard.server.middleware.iiif_sharing import IIIF, IiifSharing

SAFE: Final = frozenset(("GET", "HEAD"))
OURS: Final = frozenset(("same-origin", "none"))  # none: typed, or opened from a bookmark
WATCHED: Final = frozenset(("/healthz", "/readyz", "/metrics", "/_stcore/health"))
POLICY_VIOLATION: Final = 1008
SETTING: Final = "--public-address (ARTEXTRACT_PUBLIC_ADDRESS)"


class AddressGate:
    """Passes on requests to one of ``addresses``, from its own pages or from programs.

    ``visitable``: the paths that a link of another site may lead to; ``sharing``: what it may
    embed.
    """

    def __init__(
        self, app: ASGIApp, addresses: Addresses, visitable: Iterable[str], sharing: IiifSharing
    ) -> None:
        self._app, self._addresses, self._sharing = app, addresses, sharing
        self._visitable = frozenset(visitable)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif refusal := self._refuse(scope):
            await answer(refusal, scope, receive, send)
        else:
            await self._app(_match_host(scope), receive, send)

    def _refuse(self, scope: Scope) -> Response | None:
        headers, server = Headers(scope=scope), _server_of(scope)
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or not self._is_ours(hosts[0], scope["path"], server):
            return self._explain("Host", hosts, server, 421)
        if self._is_shared(scope, origins):
            return None
        if len(origins) > 1 or not all(
            self._addresses.accepts_origin(origin, server) for origin in origins
        ):
            return self._explain("Origin", origins, server, 403)
        return None if self._is_fetched_here(scope, headers) else _explain_fetch(headers)

    def _is_ours(self, host: str, path: str, server: tuple[str, int | None]) -> bool:
        if self._addresses.accepts_host(host, server):
            return True
        # Monitoring asks the server directly; the answer names no file and no person.
        return path in WATCHED and Addresses().accepts_host(host, server)

    def _is_shared(self, scope: Scope, origins: list[str]) -> bool:
        """Whether a page of another site may embed this: a picture of the IIIF API."""
        is_picture = scope["type"] == "http" and scope["path"].startswith(IIIF)
        if not is_picture or scope["method"] not in SAFE or len(origins) > 1:
            return False
        return self._sharing.of(scope["path"]).allows(origins[0] if origins else None)

    def _is_fetched_here(self, scope: Scope, headers: Headers) -> bool:
        sites = headers.getlist("sec-fetch-site")
        if all(site in OURS for site in sites):
            return True
        is_link = headers.get("sec-fetch-mode") == "navigate" and scope["type"] == "http"
        is_page = headers.get("sec-fetch-dest") in ("document", None)
        return is_link and is_page and scope["method"] in SAFE and scope["path"] in self._visitable

    def _explain(
        self, name: str, found: list[str], server: tuple[str, int | None], status: int
    ) -> Response:
        shown = ", ".join(repr(each[:200]) for each in found) or "none"
        return PlainTextResponse(
            f"{name} is not an address of this dashboard. Found: {shown}. "
            f"Expected: {self._addresses.describe(server)}. "
            f"If people reach it at another address, name that: {SETTING}.\n",
            status,
            {"Cache-Control": "no-store"},
        )


async def answer(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Sends ``response``; to a websocket instead of a handshake, so that it is never open."""
    if scope["type"] == "http":
        await response(scope, receive, send)
        return
    socket = WebSocket(scope, receive, send)
    if "websocket.http.response" in scope.get("extensions", {}):
        await socket.send_denial_response(response)
    else:
        await socket.close(POLICY_VIOLATION)


def _explain_fetch(headers: Headers) -> Response:
    found = headers.get("sec-fetch-site", "")[:40]
    return PlainTextResponse(
        f"A page of another site may not ask for this. Found: Sec-Fetch-Site {found!r}. "
        "Expected: a page of this dashboard, or a program.\n",
        403,
        {"Cache-Control": "no-store"},
    )


def _server_of(scope: Scope) -> tuple[str, int | None]:
    """Address and port that the connection came in on; no port on a socket of the file system."""
    address, port = scope.get("server") or ("", None)
    return str(address), port


def _match_host(scope: Scope) -> Scope:
    """A websocket whose Host is its Origin's: both are ours.

    Streamlit compares the two, and if they differ asks a server on the internet for this machine's
    address, while everybody waits.
    """
    origin = Headers(scope=scope).get("origin")
    if scope["type"] != "websocket" or origin is None:
        return scope
    host = origin.partition("://")[2].encode("latin-1")
    headers = [(b"host", host) if name == b"host" else (name, v) for name, v in scope["headers"]]
    return {**scope, "headers": headers}
