"""The IIIF Image API over HTTP: ``/iiif/3/{run}:{row}/...``, and the viewer that asks for it.

The largest answer is the stored picture. Any IIIF viewer can open the ``info.json`` addresses.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final

import anyio.to_thread
from PIL import Image
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from core.images.decode import ImageRefused, decode_image
from dashboard.server.iiif_image import (
    CONTEXT,
    FORMATS,
    IiifRefused,
    ImageRequest,
    answer,
    build_info,
)
from dashboard.server.images import IMMUTABLE, FindRun, Picture, find_picture

KEPT_IMAGES: Final = 8  # decoded ones: a viewer asks for many tiles of one picture
VENDOR: Final = Path(__file__).with_name("vendor")
VIEWER_URL: Final = "/vendor/openseadragon-6.1.1/openseadragon.min.js"
_ANYONE: Final = {"Access-Control-Allow-Origin": "*"}


def info_url(run_id: str, row: int) -> str:
    """Address of a painting's ``info.json``."""
    return f"/iiif/3/{run_id}:{row}/info.json"


def build_routes(find_run: FindRun) -> list[BaseRoute]:
    """Routes of the IIIF Image API for the runs that ``find_run`` knows, and of its viewer."""

    async def serve_base(request: Request) -> Response:
        there = info_url(**request.path_params)
        return RedirectResponse(there, status_code=303, headers=_ANYONE)

    async def serve_info(request: Request) -> Response:
        return await _with_picture(find_run, request, _build_info_answer)

    async def serve_image(request: Request) -> Response:
        return await _with_picture(find_run, request, _build_image_answer)

    base = "/iiif/3/{run_id}:{row:int}"
    return [
        Route(base, serve_base, methods=["GET"]),
        Route(f"{base}/info.json", serve_info, methods=["GET"]),
        Route(
            base + "/{region}/{size}/{rotation}/{quality}.{format}", serve_image, methods=["GET"]
        ),
        Route("/iiif/{rest:path}", _refuse, methods=["GET"]),  # else Streamlit's page
        Mount("/vendor", StaticFiles(directory=VENDOR)),
    ]


async def _refuse(_: Request) -> Response:
    return PlainTextResponse("There is no such image.", status_code=404, headers=_ANYONE)


async def _with_picture(
    find_run: FindRun, request: Request, build: Callable[[Request, Picture], Response]
) -> Response:
    run_id, row = request.path_params["run_id"], request.path_params["row"]

    def work() -> Response | None:
        picture = find_picture(find_run, run_id, row, "full")
        return build(request, picture) if picture else None

    try:
        return await anyio.to_thread.run_sync(work) or await _refuse(request)
    except (OSError, ImageRefused):
        return await _refuse(request)
    except IiifRefused as refusal:
        return PlainTextResponse(str(refusal), status_code=400, headers=_ANYONE)


def _build_info_answer(request: Request, picture: Picture) -> Response:
    wants_ld = "application/ld+json" in request.headers.get("accept", "")
    kind = f'application/ld+json;profile="{CONTEXT}"' if wants_ld else "application/json"
    address = str(request.url.replace(query="")).removesuffix("/info.json")
    info = build_info(address, _decode(picture.path).size)
    return Response(json.dumps(info), media_type=kind, headers=_ANYONE)


def _build_image_answer(request: Request, picture: Picture) -> Response:
    params = request.path_params
    asked = ImageRequest(**{name: params[name] for name in ImageRequest.__dataclass_fields__})
    body = answer(_decode(picture.path), asked)
    headers = _ANYONE | {"Cache-Control": IMMUTABLE}
    return Response(body, media_type=FORMATS[asked.format][1], headers=headers)


@lru_cache(maxsize=KEPT_IMAGES)
def _decode(path: Path) -> Image.Image:
    return decode_image(path.read_bytes())
