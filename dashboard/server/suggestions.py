"""What a search could become, while it is typed: ``/suggestions/{run}.json?text=...``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from core.artifacts import RunError
from dashboard.runs.open_run import OpenRun
from dashboard.selection.query import LONGEST_QUERY
from dashboard.selection.suggestions import suggest
from dashboard.server.caching import SHORT
from dashboard.settings import below_base

FindOpenRun = Callable[[str], OpenRun | None]


def suggestions_url(run_id: str) -> str:
    """Address of the suggestions of a run, without its query."""
    return below_base(f"/suggestions/{run_id}.json")


def build_routes(find: FindOpenRun) -> list[BaseRoute]:
    """The route; ``find`` gives the run of an id, or None."""

    async def serve(request: Request) -> Response:
        text = request.query_params.get("text", "")
        found = None
        if len(text) <= LONGEST_QUERY:
            run_id = request.path_params["run_id"]
            found = await anyio.to_thread.run_sync(_suggest, run_id, text)
        if found is None:
            return await refuse(request)
        return JSONResponse(found, headers={"Cache-Control": SHORT})

    async def refuse(_: Request) -> Response:
        return PlainTextResponse("There are no such suggestions.", status_code=404)

    def _suggest(run_id: str, text: str) -> list[dict[str, Any]] | None:
        try:
            opened = find(run_id)
        except RunError:
            return None
        if opened is None:
            return None
        return [asdict(each) for each in suggest(opened.table, text, opened.word)]

    return [
        Route("/suggestions/{run_id}.json", serve, methods=["GET"]),
        # Anything else below /suggestions would get Streamlit's page.
        Route("/suggestions/{rest:path}", refuse, methods=["GET"]),
    ]
