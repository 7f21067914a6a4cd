"""Refuses a body whose length is given in two ways, and closes its connection.

A proxy and this server could see its end at different places, and take what follows for another
request, or for somebody else's (RFC 9112, section 6.3).
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class BodyLength:
    """Passes on requests with one length, or none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        lengths = headers.getlist("content-length") + headers.getlist("transfer-encoding")
        if len(lengths) < 2:
            await self._app(scope, receive, send)
            return
        refusal = PlainTextResponse(
            "The request says its length more than once: Content-Length and Transfer-Encoding.\n",
            400,
            {"Connection": "close", "Cache-Control": "no-store"},
        )
        await refusal(scope, receive, send)
