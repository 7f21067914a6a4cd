"""Serves the dashboard below a path of a larger site, such as ``/curator`` (``--base-path``).

A proxy may pass that path on or strip it. ``StripBase`` stands outermost and takes it off where it
is: what lies between sees the same paths in both cases. ``AddBase`` stands innermost and puts it
back: Streamlit's routes and ours lie below it, so that the addresses they make hold it.
"""

from __future__ import annotations

from starlette.datastructures import URL, MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class StripBase:
    """Takes ``base`` off a request's path, and puts it before where an answer leads to."""

    def __init__(self, app: ASGIApp, base: str) -> None:
        self._app, self._base = app, base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == self._base:
            there = URL(scope=scope).replace(path=f"{self._base}/")
            address = there.path + (f"?{there.query}" if there.query else "")
            await RedirectResponse(address)(scope, receive, send)
        else:
            await self._app(_strip(scope, self._base), receive, self._lead_below(send))

    def _lead_below(self, send: Send) -> Send:
        async def lead(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                there = headers.get("location", "")
                is_ours = there.startswith("/") and not there.startswith(("//", f"{self._base}/"))
                if is_ours:
                    headers["location"] = self._base + there
            await send(message)

        return lead


class AddBase:
    """Puts ``base`` before a request's path."""

    def __init__(self, app: ASGIApp, base: str) -> None:
        self._app, self._base = app, base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            raw = self._base.encode() + scope.get("raw_path", scope["path"].encode())
            scope = {**scope, "path": self._base + scope["path"], "raw_path": raw}
        await self._app(scope, receive, send)


def _strip(scope: Scope, base: str) -> Scope:
    path, raw = scope["path"], scope.get("raw_path", scope["path"].encode())
    if not path.startswith(f"{base}/"):
        return scope
    return {**scope, "path": path.removeprefix(base), "raw_path": raw.removeprefix(base.encode())}
