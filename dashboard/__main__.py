"""Serve the curators' dashboard.

python -m dashboard
python -m dashboard --artifacts runs --port 8600
python -m dashboard --people people.toml --host 0.0.0.0
"""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress

import uvicorn

from core.command_line import parse_arguments
from core.errors import UserError
from core.version import answer_version
from dashboard.access.addresses import Site, is_loopback
from dashboard.app import build_app
from dashboard.event_log import write_log
from dashboard.server.middleware.message_gate import LARGEST
from dashboard.settings import Settings, load_settings

LEAVE_SECONDS = 3  # that requests have to end in when the server is stopped


def main(arguments: Sequence[str] | None = None) -> int:
    """Serves until interrupted; returns the exit status."""
    answer_version(arguments)
    try:
        settings = parse_settings(arguments)
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
    address = Site("http", settings.host, settings.port)
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


def parse_settings(arguments: Sequence[str] | None = None) -> Settings:
    """Settings of the command line, the environment's where it is silent."""
    return parse_arguments(Settings, __doc__, "python -m dashboard", arguments, load_settings())


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
