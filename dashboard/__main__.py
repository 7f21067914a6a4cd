"""The dashboard's command line.

python -m dashboard [--artifacts artifacts] [--host 127.0.0.1] [--port 8501] [--api]
"""

from __future__ import annotations

import argparse
import errno
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import uvicorn

from core.errors import UserError
from core.version import answer_version
from dashboard.access.addresses import is_loopback
from dashboard.app import build_app
from dashboard.event_log import write_log
from dashboard.server.middleware.message_gate import LARGEST
from dashboard.settings import Settings, load_settings

LEAVE_SECONDS = 3  # that requests have to end in when the server is stopped


def main(arguments: Sequence[str] | None = None) -> int:
    """Serves until interrupted; returns the exit status."""
    answer_version(arguments)
    try:
        settings = parse_arguments(arguments)
        warn_of_strangers(settings)
        with bind(settings) as listener:
            serve(settings, listener)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def serve(settings: Settings, listener: socket.socket) -> None:
    """Answers on ``listener`` until interrupted; raises ``UserError`` where the app does not."""
    settings.export()
    app = build_app()
    if settings.log:
        write_log()
    address = f"http://{settings.host}:{settings.port}"
    sys.stdout.write(f"ArtExtract curator: {address} (runs in {settings.artifacts})\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        ws_max_size=LARGEST,
        timeout_graceful_shutdown=LEAVE_SECONDS,
        # Without a public address there is no proxy whose word on a browser could count.
        proxy_headers=bool(settings.public_address) or settings.people is not None,
        ws_per_message_deflate=False,  # as Streamlit serves: it costs more time than it saves
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def parse_arguments(arguments: Sequence[str] | None = None) -> Settings:
    """Settings of the command line, the environment's where it is silent."""
    defaults = load_settings()
    parser = argparse.ArgumentParser(
        prog="python -m dashboard", description="Serves the curators' dashboard."
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
