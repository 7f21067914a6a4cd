"""Nothing but the sign-in page for whoever has not signed in: 401, or 403 for a stranger.

Everything is closed but what that page is made of, so that a route added later is closed, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.access.sign_in import Person

# Streamlit's own page, before it knows anybody, and what watches over the server.
OPEN: Final = frozenset(
    (
        *("/index.html", "/favicon.png", "/manifest.json", "/robots.txt"),
        *("/_stcore/health", "/_stcore/host-config", "/healthz", "/readyz", "/metrics"),
        *("/auth/login", "/auth/logout", "/oauth2callback"),
    )
)
ASSETS: Final = "/static/"
WANTED: Final = "artextract_wanted"  # cookie: the page that was asked for before the sign-in
WANTED_SECONDS: Final = 600

ReadSession = Callable[[Mapping[str, str]], Person | None]


class SessionGate:
    """Lets requests pass whose session ``read_session`` knows, and anybody's for ``pages``.

    The pages hold nothing until their websocket has shown who asks. Streamlit comes back from the
    provider to its first page: the gate leads on to the page that was asked for.
    """

    def __init__(self, app: ASGIApp, pages: Iterable[str], read_session: ReadSession) -> None:
        self._app, self._read = app, read_session
        self._pages = frozenset(f"/{page}" for page in pages) | {"/"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, path = Request(scope), scope["path"]  # as routes see it, whatever Host says
        if path in self._pages:
            await self._serve_page(request, receive, send)
        elif path in OPEN or path.startswith(ASSETS):
            await self._app(scope, receive, send)
        elif refusal := refuse(self._read(request.cookies)):
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, keep_private(send))

    async def _serve_page(self, request: Request, receive: Receive, send: Send) -> None:
        wanted = request.cookies.get(WANTED, "")
        is_known = self._read(request.cookies) is not None
        if is_known and wanted and request.scope["path"] == "/":
            back = RedirectResponse(wanted if self._is_page(wanted) else "/", status_code=303)
            back.delete_cookie(WANTED)
            await back(request.scope, receive, send)
            return
        asked = self._address_of(request)
        if not is_known and asked != "/":
            send = remember(send, asked)
        await self._app(request.scope, receive, send)

    def _is_page(self, address: str) -> bool:
        return address.partition("?")[0] in self._pages

    def _address_of(self, request: Request) -> str:
        query = quote(request.url.query, safe="=&%+~*'()!,:;@/?-._")
        return str(request.scope["path"]) + (f"?{query}" if query else "")


def refuse(person: Person | None) -> Response | None:
    """The answer to somebody who may not look; None for those who may."""
    if person is None:
        headers = {"WWW-Authenticate": "Session", "Cache-Control": "no-store"}
        return PlainTextResponse("Sign in first.", 401, headers)
    if person.role is None:
        headers = {"Cache-Control": "no-store"}
        return PlainTextResponse("You are not on the list of people.", 403, headers)
    return None


def keep_private(send: Send) -> Send:
    """A proxy must not keep for everybody what only some may see."""

    async def watch(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            kept = headers.get("cache-control", "private")
            headers["Cache-Control"] = kept.replace("public", "private")
        await send(message)

    return watch


def remember(send: Send, address: str) -> Send:
    """Leaves a cookie that names the page to come back to."""

    async def watch(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            note = Response()
            note.set_cookie(WANTED, address, max_age=WANTED_SECONDS, httponly=True, samesite="lax")
            MutableHeaders(scope=message).append("Set-Cookie", note.headers["set-cookie"])
        await send(message)

    return watch
