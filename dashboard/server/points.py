"""The points of a run over plain HTTP, and the text of the one under the pointer.

``/points/{run}.bin?v=...`` is what ``dashboard.point_cloud.packing`` packed and never changes
under its address; ``/points/{run}/{row}.json`` is the text of one painting. Titles of 81,444
paintings would weigh more than their points, so they are asked for one at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from core.artifacts import RunError
from dashboard.point_cloud.packing import PackedPoints
from dashboard.runs.open_run import OpenRun
from dashboard.server.caching import IMMUTABLE, SHORT, matches
from dashboard.server.images import image_url
from dashboard.server.row_address import ROW
from dashboard.settings import below_base
from dashboard.words import (
    class_name,
    painting_byline,
    painting_title,
    picture_text,
    verdict_sentence,
)

FindOpenRun = Callable[[str], OpenRun | None]
LoadPoints = Callable[[OpenRun], PackedPoints]
COLUMNS: Final = ["key", "title", "artist", "year", "given", "predicted", "confidence"]


def points_url(run_id: str, version: str) -> str:
    """Address of a run's packed points."""
    return below_base(f"/points/{run_id}.bin?v={version}")


def facts_url(run_id: str) -> str:
    """Address of the paintings' texts; a row and ``.json`` complete it."""
    return below_base(f"/points/{run_id}/")


def build_routes(find: FindOpenRun, load: LoadPoints) -> list[BaseRoute]:
    """Routes that serve the points of the runs that ``find`` knows."""

    async def serve_points(request: Request) -> Response:
        points = await anyio.to_thread.run_sync(_find_points, request.path_params["run_id"])
        if points is None:
            return _not_found()
        is_current = request.query_params.get("v") == points.version
        headers = {
            "Cache-Control": IMMUTABLE if is_current else "no-cache",
            "ETag": f'"{points.version}"',
        }
        if matches(request.headers.get("if-none-match", ""), headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(points.body, media_type="application/octet-stream", headers=headers)

    async def serve_facts(request: Request) -> Response:
        params = request.path_params
        facts = await anyio.to_thread.run_sync(_find_facts, params["run_id"], params["row"])
        if facts is None:
            return _not_found()
        return JSONResponse(facts, headers={"Cache-Control": SHORT})

    async def refuse(_: Request) -> Response:
        return _not_found()

    def _find_points(run_id: str) -> PackedPoints | None:
        try:
            opened = find(run_id)
            return None if opened is None else load(opened)
        except RunError:
            return None

    def _find_facts(run_id: str, row: int) -> dict[str, Any] | None:
        try:
            opened = find(run_id)
        except RunError:
            return None
        if opened is None or not 0 <= row < len(opened.table):
            return None
        return describe_point(opened, row)

    return [
        Route("/points/{run_id}.bin", serve_points, methods=["GET"]),
        Route("/points/{run_id}/" + ROW + ".json", serve_facts, methods=["GET"]),
        # Anything else below /points would get Streamlit's page.
        Route("/points/{rest:path}", refuse, methods=["GET"]),
    ]


def describe_point(opened: OpenRun, row: int) -> dict[str, Any]:
    """Text and picture of painting ``row``, as the hover card shows them."""
    painting = opened.table.loc[row, COLUMNS].to_dict()
    others = [class_name(label) for label in opened.list_labels(row)[1:]]
    also = f" Also labelled {' and '.join(others)}." if others else ""
    return {
        "key": str(painting["key"]),
        "title": painting_title(painting),
        "byline": painting_byline(painting),
        "verdict": f"{verdict_sentence(painting, opened.word)}.{also}",
        "picture": image_url(opened.run.run_id, row, "160"),
        "alt": picture_text(painting),
    }


def _not_found() -> Response:
    return PlainTextResponse("There are no such points.", status_code=404)
