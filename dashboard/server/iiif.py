"""The IIIF Image API over HTTP: ``/iiif/3/{run}:{row}/...``, and the viewer that asks for it.

Any IIIF viewer can open the ``info.json`` addresses. ``iiif.MAX_AREA`` bounds an answer, and few
large ones are drawn at a time: the next one waits, and is then told to try again.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable
from functools import lru_cache
from pathlib import Path
from typing import Final

import anyio
import anyio.to_thread
from PIL import Image
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from core.artifacts import StoredPicture
from core.images.loaded import ImageRefused
from dashboard.server.caching import IMMUTABLE
from dashboard.server.iiif_image import (
    CONTEXT,
    FORMATS,
    IiifRefused,
    ImageRequest,
    Plan,
    build_info,
    draw_answer,
    plan_answer,
)
from dashboard.server.images import FindRun, find_picture
from dashboard.server.row_address import ROW
from dashboard.settings import below_base

KEPT_IMAGES: Final = 8  # decoded ones: a viewer asks for many tiles of one picture
VENDOR: Final = Path(__file__).with_name("vendor")
VIEWER_URL: Final = "/vendor/openseadragon-6.1.1/openseadragon.min.js"
LARGE_AREA: Final = 1 << 20  # pixels of an answer: above, it is a large one
LARGE_AT_ONCE: Final = 2
PATIENCE: Final = 5.0  # seconds that a large one waits for its turn
RETRY_SECONDS: Final = 5


def info_url(run_id: str, row: int) -> str:
    """Address of a painting's ``info.json``."""
    return below_base(f"/iiif/3/{run_id}:{row}/info.json")


def build_routes(find_run: FindRun) -> list[BaseRoute]:
    """Routes of the IIIF Image API for the runs that ``find_run`` knows."""

    async def serve_base(request: Request) -> Response:
        there = info_url(**request.path_params)
        return RedirectResponse(there, status_code=303)

    async def serve_info(request: Request) -> Response:
        return await _refuse_or(request, _serve_info(find_run, request))

    async def serve_image(request: Request) -> Response:
        return await _refuse_or(request, _serve_image(find_run, request, turns))

    turns = anyio.Semaphore(LARGE_AT_ONCE)
    base = "/iiif/3/{run_id}:" + ROW
    return [
        Route(base, serve_base, methods=["GET"]),
        Route(f"{base}/info.json", serve_info, methods=["GET"]),
        Route(
            base + "/{region}/{size}/{rotation}/{quality}.{format}", serve_image, methods=["GET"]
        ),
        Route("/iiif/{rest:path}", _refuse, methods=["GET"]),  # else Streamlit's page
    ]


def build_viewer_routes() -> list[BaseRoute]:
    """The route of the viewer that asks for the pictures."""
    return [Mount("/vendor", StaticFiles(directory=VENDOR))]


async def _refuse(_: Request) -> Response:
    return PlainTextResponse("There is no such image.", status_code=404)


async def _refuse_or(request: Request, answer: Awaitable[Response | None]) -> Response:
    """``answer``, or why there is none."""
    try:
        return await answer or await _refuse(request)
    except (OSError, ImageRefused):
        return await _refuse(request)
    except IiifRefused as refusal:
        return PlainTextResponse(str(refusal), status_code=400)


async def _serve_info(find_run: FindRun, request: Request) -> Response | None:
    image = await anyio.to_thread.run_sync(_find_image, find_run, request)
    if image is None:
        return None
    wants_ld = "application/ld+json" in request.headers.get("accept", "")
    kind = f'application/ld+json;profile="{CONTEXT}"' if wants_ld else "application/json"
    address = str(request.url.replace(query="")).removesuffix("/info.json")
    info = build_info(address, image.size)
    return Response(json.dumps(info), media_type=kind)


async def _serve_image(
    find_run: FindRun, request: Request, turns: anyio.Semaphore
) -> Response | None:
    image = await anyio.to_thread.run_sync(_find_image, find_run, request)
    if image is None:
        return None
    params = request.path_params
    asked = ImageRequest(**{name: params[name] for name in ImageRequest.__dataclass_fields__})
    plan = plan_answer(asked, image.size)
    body = await _draw_in_turn(image, plan, turns)
    if body is None:
        headers = {"Retry-After": str(RETRY_SECONDS)}
        text = "Other large pictures are being drawn; ask again in a few seconds."
        return PlainTextResponse(text, status_code=503, headers=headers)
    headers = {"Cache-Control": IMMUTABLE}
    return Response(body, media_type=FORMATS[plan.format][1], headers=headers)


async def _draw_in_turn(image: Image.Image, plan: Plan, turns: anyio.Semaphore) -> bytes | None:
    """The picture; None when others are drawn for longer than ``PATIENCE``.

    Waiting takes no thread: small pictures are answered meanwhile.
    """
    if plan.area <= LARGE_AREA:
        return await anyio.to_thread.run_sync(draw_answer, image, plan)
    with anyio.move_on_after(PATIENCE) as waiting:
        await turns.acquire()
    if waiting.cancelled_caught:
        return None
    try:
        return await anyio.to_thread.run_sync(draw_answer, image, plan)
    finally:
        turns.release()


def _find_image(find_run: FindRun, request: Request) -> Image.Image | None:
    run_id, row = request.path_params["run_id"], request.path_params["row"]
    picture = find_picture(find_run, run_id, row, "full")
    return None if picture is None else _load(picture.stored)


@lru_cache(maxsize=KEPT_IMAGES)
def _load(stored: StoredPicture) -> Image.Image:
    return stored.load()
