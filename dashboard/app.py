"""The dashboard as one ASGI app, Streamlit's pages and the routes beside them.

    uvicorn --factory dashboard.app:build_app

``python -m dashboard`` serves it by itself (``dashboard/__main__.py``).
"""

from __future__ import annotations

import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from streamlit.starlette import App

from core.sizes import MEGABYTE
from dashboard.access import sign_in_setup
from dashboard.access.addresses import Addresses
from dashboard.access.providers import CALLBACK, list_providers
from dashboard.navigation import FIRST_PAGE, list_paths
from dashboard.server.later import LaterRoutes
from dashboard.server.middleware.address_gate import AddressGate
from dashboard.server.middleware.base_path import AddBase, StripBase
from dashboard.server.middleware.body_length import BodyLength
from dashboard.server.middleware.iiif_sharing import ShareIiif, parse_sharing
from dashboard.server.middleware.message_gate import MessageGate
from dashboard.server.middleware.page_head import PageHead
from dashboard.server.middleware.request_log import RequestLog
from dashboard.server.middleware.security_headers import SecurityHeaders
from dashboard.server.middleware.slow_bodies import SlowBodies
from dashboard.server.middleware.upload_gate import UploadGate
from dashboard.server.page_head import build_head
from dashboard.server.routes import build_routes
from dashboard.server.table import PUBLIC, name_kind
from dashboard.settings import UPLOAD_MEGABYTES, Settings, below_base, load_settings
from dashboard.streamlit_settings import apply_settings

HOME = Path(__file__).with_name("home.py")


def build_app() -> App:
    """The ASGI app; reads its settings from the environment. Raises ``UserError``."""
    settings = load_settings()
    sign_in_setup.check_setup(settings)
    keep_uploads_in_memory()
    apply_settings(settings.base_path)
    return App(
        HOME,
        routes=build_all_routes(settings),
        middleware=build_middleware(settings),
        lifespan=_serve_runs,
    )


def keep_uploads_in_memory() -> None:
    """Forms of this process never touch the disk: Starlette would write what is over a megabyte.

    Both Streamlit's route for uploads and the API's bound what they take before this limit.
    """
    MultiPartParser.spool_max_size = (UPLOAD_MEGABYTES + 1) * MEGABYTE


def build_middleware(settings: Settings) -> list[Middleware]:
    """What every request passes through, outermost first. Raises ``UserError``."""
    public = sign_in_setup.find_public_site(settings)
    has_sign_in = settings.people is not None
    sharing = parse_sharing(settings.iiif_origins, has_sign_in=has_sign_in)
    pages = list_paths(settings)
    visitable = ["/", CALLBACK, *(f"/{page}" for page in pages)]
    layers = [
        Middleware(RequestLog, name_kind=name_kind),
        Middleware(
            SecurityHeaders,
            is_https=public is not None and public.scheme == "https",
            session_seconds=round(3600 * settings.session_hours) if has_sign_in else None,
        ),
        Middleware(AddressGate, addresses=Addresses(public), visitable=visitable, sharing=sharing),
        Middleware(BodyLength),
        Middleware(ShareIiif, sharing=sharing),
        Middleware(SlowBodies),
    ]
    layers += build_gates(pages) if has_sign_in else [Middleware(MessageGate, may_look=None)]
    layers += [
        Middleware(UploadGate),
        Middleware(PageHead, paths=visitable, head=build_head()),
    ]
    if not settings.base_path:
        return layers
    strip, add = (Middleware(layer, base=settings.base_path) for layer in (StripBase, AddBase))
    return [strip, *layers, add]


def build_gates(pages: list[str]) -> list[Middleware]:
    """The gates of a dashboard to which people sign in."""
    # Here: who was signed out is known to the verdicts' database, which takes a second to import.
    from dashboard.access import sign_in
    from dashboard.access.sign_in_page import draw_door
    from dashboard.server.middleware.session_gate import Doorkeeper, SessionGate

    doorkeeper = Doorkeeper(
        read=sign_in.read_session,
        end=sign_in.end_session,
        draw=lambda person: draw_door(person, list_providers()),
        lead=sign_in.find_way_in,
    )
    return [
        Middleware(SessionGate, public=PUBLIC, pages=pages, doorkeeper=doorkeeper),
        Middleware(MessageGate, may_look=sign_in.may_look),
    ]


def build_all_routes(settings: Settings) -> list[BaseRoute]:
    """The routes besides the pages."""
    first = Route(f"/{FIRST_PAGE}", _lead_home, methods=["GET"])
    routes = [*build_routes(settings), first]
    return [_put_below(settings.base_path, route) for route in routes]


def _put_below(base: str, route: BaseRoute) -> BaseRoute:
    """``route`` with ``base`` before its path. One mount for all would hide Streamlit's routes."""
    if not base:
        return route
    if isinstance(route, LaterRoutes):
        line = replace(route.line, path=base + route.path)
        return LaterRoutes(line, lambda: [_put_below(base, each) for each in route.make()])
    if isinstance(route, Mount):
        return Mount(base + route.path, route.app)
    if isinstance(route, Route):
        return Route(base + route.path, route.endpoint, methods=sorted(route.methods or ["GET"]))
    raise TypeError(f"{route!r} has no path")


async def _lead_home(request: Request) -> Response:
    """The first page has no path of its own; ``/overview`` leads to it."""
    return RedirectResponse(below_base(f"/?{request.url.query}"))


@asynccontextmanager
async def _serve_runs(_: App) -> AsyncIterator[None]:
    """Opens the newest run in the background, while browsers already load Streamlit's files.

    At the end, requests that wait for a decoder are told that there is none.
    """
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
    yield
    from dashboard.runs import model_cache

    model_cache.close_service()


def _warm_up() -> None:
    """Imports pandas, SQLAlchemy and what reads runs, and opens what pages show first."""
    gc.disable()  # none of it is garbage, and to look for some takes a tenth of a second
    try:
        from dashboard.runs import warm_up

        warm_up.open_newest()
    finally:
        gc.freeze()
        gc.enable()
    warm_up.load_model()
