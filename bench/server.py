"""Servers in separate processes, on free loopback ports."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
START_SECONDS = 120


@contextmanager
def serve(
    artifacts: Path, place: str, *options: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A dashboard over ``artifacts``, with verdicts at ``place``; ended with the block."""
    command = ["-m", "dashboard", "--artifacts", str(artifacts), "--reviews", place, *options]
    port = find_port()
    with run([*command, "--port", str(port)], f"http://127.0.0.1:{port}", "/healthz") as server:
        yield f"http://127.0.0.1:{port}", server


@contextmanager
def run(command: list[str], address: str, health: str) -> Iterator[subprocess.Popen[bytes]]:
    """This Python with ``command``, once it answers at ``address``; killed if it still lives."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = os.environ | {"ARTEXTRACT_PEOPLE": ""}
    started = [sys.executable, *command]
    with subprocess.Popen(started, cwd=CHECKOUT, env=environment, **quiet) as server:  # type: ignore[call-overload]
        try:
            wait_for(address + health, server)
            yield server
        finally:
            server.kill()


def find_port() -> int:
    """A free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Until ``address`` answers; raises ``RuntimeError`` where it does not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server did not answer at {address}")
