"""``/healthz``: the process answers. ``/readyz``: it can show a run and read the verdicts.

``/metrics``: what Prometheus collects. None of them names a painting, a file or a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import anyio.to_thread
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from core.errors import UserError

Check = Callable[[], None]  # raises UserError where something is not ready


def build_health_routes(checks: Mapping[str, Check]) -> list[BaseRoute]:
    """The three routes; ``checks`` are asked by ``/readyz``, each by its name."""

    async def live(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def ready(_: Request) -> Response:
        found = await anyio.to_thread.run_sync(run_checks, checks)
        status = 200 if all(state == "ok" for state in found.values()) else 503
        return JSONResponse(found, status, headers={"Cache-Control": "no-store"})

    async def measure(_: Request) -> Response:
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [
        Route("/healthz", live, methods=["GET"]),
        Route("/readyz", ready, methods=["GET"]),
        Route("/metrics", measure, methods=["GET"]),
    ]


def run_checks(checks: Mapping[str, Check]) -> dict[str, str]:
    """``ok``, or the kind of trouble, by check. Kinds only: messages name paths and hosts."""
    found = {}
    for name, check in checks.items():
        try:
            check()
        except UserError as error:
            found[name] = type(error).__name__
        else:
            found[name] = "ok"
    return found
