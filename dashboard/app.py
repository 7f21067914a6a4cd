"""The dashboard's server: Streamlit and the image routes in one ASGI app.

    python -m dashboard.app [--artifacts artifacts] [--host 127.0.0.1] [--port 8501] [--api]

Behind another ASGI server: ``uvicorn --factory dashboard.app:build_app``.
"""

from __future__ import annotations

import argparse
import errno
import socket
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import uvicorn
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit.starlette import App

from core.errors import UserError
from core.images.guard import MEGABYTE
from core.version import answer_version
from dashboard import home
from dashboard.access import sign_in, sign_in_setup
from dashboard.access.addresses import Addresses, is_loopback
from dashboard.access.sign_in_page import draw_door
from dashboard.runs import cache
from dashboard.server import assets, iiif, images, points
from dashboard.server.classify import build_api_routes
from dashboard.server.health import build_health_routes
from dashboard.server.middleware.address_gate import AddressGate
from dashboard.server.middleware.body_length import BodyLength
from dashboard.server.middleware.iiif_sharing import ShareIiif, parse_sharing
from dashboard.server.middleware.message_gate import LARGEST, MessageGate
from dashboard.server.middleware.request_log import RequestLog, write_log
from dashboard.server.middleware.security_headers import SecurityHeaders
from dashboard.server.middleware.session_gate import Doorkeeper, SessionGate
from dashboard.server.middleware.slow_bodies import SlowBodies
from dashboard.server.middleware.upload_gate import UploadGate
from dashboard.settings import UPLOAD_MEGABYTES, Settings, load_settings
from dashboard.streamlit_settings import apply_settings

HOME = Path(__file__).with_name("home.py")
LEAVE_SECONDS = 3  # that requests have to end in when the server is stopped
READY_CHECKS = {"runs": cache.check_runs, "verdicts": cache.check_reviews}


def build_app() -> App:
    """The ASGI app; reads its settings from the environment. Raises ``UserError``."""
    settings = load_settings()
    sign_in_setup.check_setup(settings)
    keep_uploads_in_memory()
    apply_settings()
    return App(
        HOME,
        routes=build_all_routes(settings),
        middleware=build_middleware(settings),
        lifespan=_warm_up,
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
    pages = [path for _, path, _ in home.PAGES]
    visitable = ["/", sign_in_setup.CALLBACK, *(f"/{page}" for page in pages)]
    layers = [
        Middleware(RequestLog),
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
    if has_sign_in:
        layers.append(Middleware(SessionGate, pages=pages, doorkeeper=build_doorkeeper()))
    may_look = sign_in.may_look if has_sign_in else None
    return [*layers, Middleware(MessageGate, may_look=may_look), Middleware(UploadGate)]


def build_doorkeeper() -> Doorkeeper:
    """The gate's way to the sign-in."""
    return Doorkeeper(
        read=sign_in.read_session,
        end=sign_in.end_session,
        draw=lambda person: draw_door(person, sign_in.list_providers()),
        lead=sign_in.find_way_in,
    )


def build_all_routes(settings: Settings) -> list[BaseRoute]:
    """The routes besides the pages."""
    routes = [
        *images.build_routes(cache.find_run),
        *iiif.build_routes(cache.find_run),
        *points.build_routes(cache.find_open_run, cache.load_points),
        *assets.build_routes(),
        *build_health_routes(READY_CHECKS),
        Route(f"/{home.PAGES[0][1]}", _lead_home, methods=["GET"]),
    ]
    if settings.api:
        routes += build_api_routes(cache.find_classifier, cache.load_service)
    return routes


async def _lead_home(request: Request) -> Response:
    """The first page has no path of its own; ``/overview`` leads to it."""
    return RedirectResponse(f"/?{request.url.query}")


@asynccontextmanager
async def _warm_up(_: App) -> AsyncIterator[None]:
    """Loads the newest run's model in the background while the server starts.

    At the end, requests that wait for a decoder are told that there is none.
    """
    threading.Thread(target=cache.warm_up, name="warm-up", daemon=True).start()
    yield
    cache.close_service()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serves until interrupted; returns the exit status."""
    answer_version(arguments)
    try:
        settings = parse_arguments(arguments)
        sign_in_setup.check_setup(settings)
        build_middleware(settings)
        warn_of_strangers(settings)
        listener = bind(settings)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    settings.export()
    if settings.log:
        write_log()
    address = f"http://{settings.host}:{settings.port}"
    sys.stdout.write(f"ArtExtract curator: {address} (runs in {settings.artifacts})\n")
    sys.stdout.flush()
    with listener, suppress(KeyboardInterrupt):
        config = uvicorn.Config(
            build_app(),
            log_level="warning",
            access_log=False,
            ws_max_size=LARGEST,
            timeout_graceful_shutdown=LEAVE_SECONDS,
            # Without a public address there is no proxy whose word on a browser could count.
            proxy_headers=bool(settings.public_address) or settings.people is not None,
            ws_per_message_deflate=False,  # as Streamlit serves: it costs more time than it saves
        )
        uvicorn.Server(config).run(sockets=[listener])
    return 0


def parse_arguments(arguments: Sequence[str] | None = None) -> Settings:
    """Settings of the command line, the environment's where it is silent."""
    defaults = load_settings()
    parser = argparse.ArgumentParser(
        prog="python -m dashboard.app", description="Serves the curators' dashboard."
    )
    parser.add_argument("--artifacts", type=Path, default=defaults.artifacts, help="runs' folder")
    parser.add_argument(
        "--reviews", default=defaults.reviews, help="verdicts: a path, or a PostgreSQL URL"
    )
    parser.add_argument(
        "--api",
        action=argparse.BooleanOptionalAction,
        default=defaults.api,
        help="let programs classify over HTTP (docs/classify-api.md)",
    )
    parser.add_argument(
        "--people",
        type=Path,
        default=defaults.people,
        help="who may sign in, a TOML file: people have to sign in then (docs/sign-in.md)",
    )
    parser.add_argument(
        "--open-review",
        action=argparse.BooleanOptionalAction,
        default=defaults.open_review,
        help="show others' verdicts before one's own on the same label is given",
    )
    parser.add_argument("--host", default=defaults.host, help="address to listen on")
    parser.add_argument(
        "--public-address",
        default=defaults.public_address,
        metavar="URL",
        help="where people reach it, such as https://curator.museum.org: no other is answered "
        "(this machine's own, and secrets.toml's redirect_uri, need no word)",
    )
    parser.add_argument(
        "--session-hours",
        type=float,
        default=defaults.session_hours,
        metavar="HOURS",
        help=f"how long a sign-in lasts (default: {Settings.session_hours:g})",
    )
    parser.add_argument(
        "--iiif-origins",
        default=defaults.iiif_origins,
        metavar="ORIGINS",
        help="whose pages may show pictures over IIIF, with commas between; by default anyone's "
        "without sign-in, nobody's with it",
    )
    parser.add_argument(
        "--no-auth",
        action="store_true",
        help="allow an address that others can reach: anyone there may read and judge",
    )
    parser.add_argument(
        "--log", action="store_true", help="a JSON line a request on standard error, without names"
    )
    parser.add_argument("--port", type=int, default=defaults.port, help="port to listen on")
    return Settings(**vars(parser.parse_args(arguments)))


def warn_of_strangers(settings: Settings) -> None:
    """Raises ``UserError`` for an address that others can reach, unless that is wanted.

    Without sign-in, who reaches the port may read everything and give verdicts.
    """
    if is_loopback(settings.host) or settings.people is not None:
        return
    if not settings.no_auth:
        raise UserError(
            f"{settings.host} can be reached by others, and nobody has to sign in",
            expected="127.0.0.1, or a list of who may sign in (--people, docs/sign-in.md)",
            remedy="If everyone who reaches it may read and judge, say so: --no-auth",
        )
    sys.stderr.write(
        f"Warning: whoever reaches {settings.host} may read every run and give verdicts.\n"
    )


def bind(settings: Settings) -> socket.socket:
    """A socket that listens on the settings' address; raises ``UserError`` where it cannot."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # With its protocol named, or asyncio leaves the system's waiting for small messages on.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(socket.SOMAXCONN)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise UserError(
                f"Port {settings.port} is in use by another program",
                remedy=f"Stop that program, or choose another: --port {settings.port + 1}",
            ) from error
        raise UserError(
            f"Cannot listen on {settings.host}, port {settings.port}",
            found=error.strerror or str(error),
            remedy="Give --host an address of this machine, and --port a number above 1023.",
        ) from error
    return listener


if __name__ == "__main__":
    sys.exit(main())
