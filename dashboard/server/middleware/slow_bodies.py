"""Drops a body that arrives too slowly, with 408, to free its place."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAUSE_SECONDS: Final = 20.0  # between two parts
BODY_SECONDS: Final = 180.0  # for the whole: 40 MB over a line of 2 Mbit/s


class _TooSlow(Exception):
    """The body did not come in time."""


class SlowBodies:
    """Bounds the time that a request's body may take, in seconds."""

    def __init__(
        self, app: ASGIApp, pause: float = PAUSE_SECONDS, whole: float = BODY_SECONDS
    ) -> None:
        self._app, self._pause, self._whole = app, pause, whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        deadline, is_whole, has_begun = loop.time() + self._whole, False, False

        async def read() -> Message:
            nonlocal is_whole
            if is_whole:  # what comes now is the browser's leaving, whenever that is
                return await receive()
            try:
                limit = min(self._pause, deadline - loop.time())
                message = await asyncio.wait_for(receive(), max(limit, 0.0))
            except TimeoutError as error:
                raise _TooSlow from error
            is_whole = not message.get("more_body", False)
            return message

        async def watch(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, read, watch)
        except _TooSlow:
            if not has_begun:
                answer = PlainTextResponse(
                    "The request's body came too slowly.\n", 408, {"Connection": "close"}
                )
                await answer(scope, receive, send)
