"""What the server did, as counts for Prometheus and as a JSON line a request.

Neither holds a path, an address or a person: uploads and paintings have names, and so have people.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.event_log import tell

REQUESTS: Final = Counter(
    "artextract_requests_total", "Requests by kind of address", ("kind", "method", "status")
)
SECONDS: Final = Histogram("artextract_request_seconds", "Time to the end of the answer", ("kind",))
VERDICTS: Final = Counter("artextract_verdicts_total", "Verdicts recorded, by kind", ("verdict",))
_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


class RequestLog:
    """Counts, times and logs every request; websockets stay open for hours and are left out.

    ``name_kind`` tells the kind of a path: one of a few, each a series that Prometheus keeps.
    """

    def __init__(self, app: ASGIApp, name_kind: Callable[[str], str]) -> None:
        self._app, self._name_kind = app, name_kind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            kind, method = self._name_kind(scope["path"]), name_method(scope["method"])
            note(kind, method, status, time.perf_counter() - started)


def name_method(method: str) -> str:
    """What a client makes up is ``"other"``: each label is a series that Prometheus keeps."""
    return method if method in _METHODS else "other"


def note(kind: str, method: str, status: int, seconds: float) -> None:
    REQUESTS.labels(kind, method, status).inc()
    SECONDS.labels(kind).observe(seconds)
    tell("request", kind=kind, method=method, status=status, ms=round(1000 * seconds, 1))
