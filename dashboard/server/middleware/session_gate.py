"""Nothing but the sign-in page for whoever has not signed in: 401, or 403 for a stranger.

Everything is closed but what ``dashboard.server.table`` calls public. The websocket that Streamlit
draws its pages over is closed before it opens.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final
from urllib.parse import quote

import anyio.to_thread
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.access import session_cookie
from dashboard.access.providers import SIGN_IN, SIGN_OUT
from dashboard.access.sign_in import Person
from dashboard.server.middleware.address_gate import answer

WANTED: Final = "artextract_wanted"  # cookie: the page that was asked for before the sign-in
WANTED_SECONDS: Final = 600

ReadSession = Callable[[Mapping[str, str]], Person | None]


class Doorkeeper:
    """What the gate asks of the sign-in: each may look at files and databases.

    ``read``: who sent cookies. ``end``: signs their session out. ``draw``: the page for nobody, or
    for a stranger. ``lead``: where signing in with a provider begins; None for one that is none.
    """

    def __init__(
        self,
        read: ReadSession,
        end: Callable[[Mapping[str, str]], None],
        draw: Callable[[Person | None], str],
        lead: Callable[[str], str | None],
    ) -> None:
        self.read, self.end, self.draw, self.lead = read, end, draw, lead


class SessionGate:
    """Lets requests and websockets pass whose session ``doorkeeper`` knows.

    Requests for ``public`` pass in any case. For ``pages`` everybody else gets the sign-in page.
    Streamlit comes back from the provider to its first page: the gate leads on to the page that was
    asked for.
    """

    def __init__(
        self, app: ASGIApp, public: Collection[str], pages: Iterable[str], doorkeeper: Doorkeeper
    ) -> None:
        self._app, self._public, self._door = app, frozenset(public), doorkeeper
        self._pages = frozenset(f"/{page}" for page in pages) | {"/"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        cookies = HTTPConnection(scope).cookies
        path = scope["path"]  # as routes see it, whatever Host says
        if path == SIGN_OUT:
            await anyio.to_thread.run_sync(self._door.end, cookies)
            await self._app(scope, receive, send)
        elif path == SIGN_IN:
            await self._lead(Request(scope))(scope, receive, send)
        elif scope["type"] == "http" and path in self._public:
            await self._app(_without_pieces(scope), receive, send)
        else:
            person = await anyio.to_thread.run_sync(self._door.read, cookies)
            await self._serve(scope, person, receive, send)

    async def _serve(
        self, scope: Scope, person: Person | None, receive: Receive, send: Send
    ) -> None:
        if scope["type"] == "http" and scope["path"] in self._pages:
            await self._serve_page(Request(scope), person, receive, send)
        elif refusal := refuse(person):
            await answer(refusal, scope, receive, send)
        else:
            await self._app(_without_pieces(scope), receive, keep_private(send))

    async def _serve_page(
        self, request: Request, person: Person | None, receive: Receive, send: Send
    ) -> None:
        wanted = request.cookies.get(WANTED, "")
        if person is None or not person.is_listed:
            page = HTMLResponse(
                await anyio.to_thread.run_sync(self._door.draw, person),
                401 if person is None else 403,
                {"Cache-Control": "no-store"},
            )
            asked = self._address_of(request)
            if person is None and asked != "/":
                remember(page, asked)
            await page(request.scope, receive, send)
        elif wanted and request.scope["path"] == "/":
            back = RedirectResponse(wanted if self._is_page(wanted) else "/", status_code=303)
            back.delete_cookie(WANTED)
            await back(request.scope, receive, send)
        else:
            await self._app(_without_pieces(request.scope), receive, keep_private(send))

    def _lead(self, request: Request) -> Response:
        """To the provider: by way of Streamlit, whose own link is good for two minutes alone."""
        there = self._door.lead(request.query_params.get("provider", ""))
        if request.method != "GET" or there is None:
            return PlainTextResponse("There is no such way to sign in.", 404)
        return RedirectResponse(there, 303, {"Cache-Control": "no-store"})

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
    if not person.is_listed:
        headers = {"Cache-Control": "no-store"}
        return PlainTextResponse("You are not on the list of people.", 403, headers)
    return None


def keep_private(send: Send) -> Send:
    """A proxy must not keep for everybody what only some may see."""

    async def watch(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            kept = headers.get("cache-control", "private").replace("public", "private")
            is_closed = "private" in kept or "no-store" in kept
            headers["Cache-Control"] = kept if is_closed else f"{kept}, private"
        await send(message)

    return watch


def remember(page: Response, address: str) -> None:
    """Leaves a cookie that names the page to come back to."""
    page.set_cookie(WANTED, address, max_age=WANTED_SECONDS, httponly=True, samesite="lax")


def _without_pieces(scope: Scope) -> Scope:
    """Streamlit would put a session in pieces together that nobody here has accepted."""
    headers = []
    for name, value in scope["headers"]:
        if name == b"cookie":
            value = session_cookie.drop_pieces(value.decode("latin-1")).encode("latin-1")
        headers.append((name, value))
    return {**scope, "headers": headers}
