"""The point cloud's ES modules and style over HTTP: ``/components/point_cloud/{digest}/{name}``.

The digest covers all of them, so that they may refer to each other by name and yet be kept by
browsers for good. Streamlit can serve such files only for installed packages.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.server.caching import IMMUTABLE
from dashboard.settings import below_base

FOLDER: Final = Path(__file__).parents[1] / "point_cloud" / "browser"
_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}


@cache
def load_modules() -> dict[str, bytes]:
    """Content of each file by its name."""
    return {
        path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in _TYPES
    }


@cache
def compute_digest() -> str:
    """Changes when any of the files does."""
    total = hashlib.blake2b(digest_size=8)
    for name, content in load_modules().items():
        total.update(name.encode() + b"\0" + content)
    return total.hexdigest()


def module_url(name: str) -> str:
    """Address of one of the files."""
    return below_base(f"/components/point_cloud/{compute_digest()}/{name}")


def build_routes() -> list[BaseRoute]:
    """The route that serves the files."""

    async def serve(request: Request) -> Response:
        name, digest = request.path_params["name"], request.path_params["digest"]
        content = load_modules().get(name)
        if content is None or digest != compute_digest():
            return PlainTextResponse("There is no such module.", status_code=404)
        return Response(
            content, media_type=_TYPES[Path(name).suffix], headers={"Cache-Control": IMMUTABLE}
        )

    return [Route("/components/point_cloud/{digest}/{name}", serve, methods=["GET"])]
