"""Routes that are made when the first of them is asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import anyio.to_thread
from starlette.routing import BaseRoute, Match, Router
from starlette.types import Receive, Scope, Send

from dashboard.server.table import Served


class LaterRoutes(BaseRoute):
    """The routes at ``line.path``, or below it, that ``make`` gives.

    ``make`` may take long, as what imports libraries does: it is called once, in a thread. Requests
    for other addresses are answered meanwhile.
    """

    def __init__(self, line: Served, make: Callable[[], Sequence[BaseRoute]]) -> None:
        self.line, self.make = line, make
        self._router: Router | None = None
        self._lock = threading.Lock()

    @property
    def path(self) -> str:
        """As the line has it."""
        return self.line.path

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        is_ours = scope["type"] == "http" and self.line.covers(scope["path"])
        return (Match.FULL if is_ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        router = self._router
        if router is None:
            router = await anyio.to_thread.run_sync(self._make_router)
        await router(scope, receive, send)

    def _make_router(self) -> Router:
        with self._lock:
            if self._router is None:
                self._router = Router(self.make(), redirect_slashes=False)
            return self._router
