"""The paintings' pictures over plain HTTP: ``/images/{run}/{row}/{size}.jpg``.

A request names a run, a row and one of a few sizes, never a path: the file is whatever the run's
``paintings.image`` says for that row, as long as it is a JPEG of the run's image store. Content
never changes under an address, so browsers keep it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from core.artifacts import Run, RunError, StoredPicture
from core.images.loaded import ImageRefused
from dashboard.server.caching import IMMUTABLE, matches
from dashboard.server.row_address import ROW
from dashboard.settings import below_base

WIDTHS: Final[dict[str, int | None]] = {"160": 160, "320": 320, "640": 640, "full": None}
MAX_PROPORTION: Final = 3  # a scroll's thumbnail is at most this many times its width high
KEPT_THUMBNAILS: Final = 768  # about 20 MB at 320 pixels

FindRun = Callable[[str], Run | None]


@dataclass(frozen=True)
class Picture:
    """One picture of an image store and the tag of the size asked for."""

    stored: StoredPicture
    width: int | None
    etag: str


def image_url(run_id: str, row: int, size: str) -> str:
    """Address of a painting's picture; ``size`` is a key of ``WIDTHS``."""
    return f"{pictures_url(run_id)}{row}/{size}.jpg"


def pictures_url(run_id: str) -> str:
    """Where a run's pictures begin; ``{row}/{size}.jpg`` completes it."""
    return below_base(f"/images/{run_id}/")


def build_routes(find_run: FindRun) -> list[BaseRoute]:
    """Routes that serve the pictures of the runs that ``find_run`` knows."""

    async def serve(request: Request) -> Response:
        params = request.path_params
        picture = await anyio.to_thread.run_sync(
            find_picture, find_run, params["run_id"], params["row"], params["size"]
        )
        if picture is None:
            return _not_found()
        headers = {"Cache-Control": IMMUTABLE, "ETag": picture.etag}
        if matches(request.headers.get("if-none-match", ""), picture.etag):
            return Response(status_code=304, headers=headers)
        body = await anyio.to_thread.run_sync(_read_picture, picture)
        if body is None:
            return _not_found()
        return Response(body, media_type="image/jpeg", headers=headers)

    async def refuse(_: Request) -> Response:
        return _not_found()

    return [
        Route("/images/{run_id}/" + ROW + "/{size}.jpg", serve, methods=["GET"]),
        # Anything else below /images would get Streamlit's page.
        Route("/images/{rest:path}", refuse, methods=["GET"]),
    ]


def find_picture(find_run: FindRun, run_id: str, row: int, size: str) -> Picture | None:
    """The picture at an address, or None if there is none."""
    if size not in WIDTHS:
        return None
    try:
        run = find_run(run_id)
        if run is None or not 0 <= row < len(run):
            return None
        stored, content = run.picture(row), str(run.paintings.at[row, "content_hash"])
    except RunError:
        return None
    return Picture(stored, WIDTHS[size], f'"{content[:32]}-{size}"')


def _read_picture(picture: Picture) -> bytes | None:
    try:
        if picture.width is None:
            return picture.stored.read()
        return build_thumbnail(picture.stored, picture.width)
    except (OSError, ImageRefused):
        return None


@lru_cache(maxsize=KEPT_THUMBNAILS)
def build_thumbnail(stored: StoredPicture, width: int) -> bytes:
    """JPEG of the picture at most ``width`` pixels wide; as stored if it already is."""
    image = stored.load()
    box = (width, width * MAX_PROPORTION)
    if image.width <= box[0] and image.height <= box[1]:
        return stored.read()
    image.thumbnail(box, reducing_gap=3.0)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85, optimize=True, progressive=True)
    return buffer.getvalue()


def _not_found() -> Response:
    return PlainTextResponse("There is no such picture.", status_code=404)
