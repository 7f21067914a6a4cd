"""What the server did, as counts for Prometheus and as a JSON line a request.

Neither holds a path, an address or a person: uploads and paintings have names, and so have people.
"""

from __future__ import annotations

import time
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
# The first part of an address is one of these, or a page.
_KINDS: Final = frozenset(
    (
        "_stcore",
        "static",
        "api",
        "images",
        "iiif",
        "points",
        "components",
        "media",
        "healthz",
        "readyz",
    )
) | {"metrics"}


class RequestLog:
    """Counts, times and logs every request; websockets stay open for hours and are left out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

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
            kind, method = name_kind(scope["path"]), name_method(scope["method"])
            note(kind, method, status, time.perf_counter() - started)


def name_kind(path: str) -> str:
    """``"/images/run/12/320.jpg"`` -> ``"images"``; what is no route of ours is a page."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in _KINDS else "page"


def name_method(method: str) -> str:
    """What a client makes up is ``"other"``: each label is a series that Prometheus keeps."""
    return method if method in _METHODS else "other"


def note(kind: str, method: str, status: int, seconds: float) -> None:
    REQUESTS.labels(kind, method, status).inc()
    SECONDS.labels(kind).observe(seconds)
    tell("request", kind=kind, method=method, status=status, ms=round(1000 * seconds, 1))
