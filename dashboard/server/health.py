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


def build_live_routes() -> list[BaseRoute]:
    """``/healthz``."""

    async def live(_: Request) -> Response:
        return PlainTextResponse("ok")

    return [Route("/healthz", live, methods=["GET"])]


def build_ready_routes(checks: Mapping[str, Check]) -> list[BaseRoute]:
    """``/readyz``, which asks ``checks``, each by its name."""

    async def ready(_: Request) -> Response:
        found = await anyio.to_thread.run_sync(run_checks, checks)
        status = 200 if all(state == "ok" for state in found.values()) else 503
        return JSONResponse(found, status, headers={"Cache-Control": "no-store"})

    return [Route("/readyz", ready, methods=["GET"])]


def build_metrics_routes() -> list[BaseRoute]:
    """``/metrics``."""

    async def measure(_: Request) -> Response:
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [Route("/metrics", measure, methods=["GET"])]


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
