"""Servers in processes of their own, on free ports of loopback: for benchmarks and tests."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

CHECKOUT: Final = Path(__file__).parents[1]
START_SECONDS: Final = 300
END_SECONDS: Final = 20
_HOLDERS: Final[list[socket.socket]] = []  # of the ports that were found


@contextmanager
def serve(
    artifacts: Path, place: str, *options: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A dashboard over ``artifacts``, with verdicts at ``place``; ended with the block."""
    port = find_port()
    command = ["-m", "dashboard", "--artifacts", str(artifacts), "--reviews", place, *options]
    address = f"http://127.0.0.1:{port}"
    with run([*command, "--port", str(port)], f"{address}/healthz") as server:
        yield address, server


@contextmanager
def run(
    command: Sequence[str],
    health: str,
    environment: Mapping[str, str] | None = None,
    output: Path | None = None,
    python: Path = Path(sys.executable),
) -> Iterator[subprocess.Popen[bytes]]:
    """``python`` with ``command``, once it answers at ``health``; ended with the block.

    ``environment`` is added to this process's own. What the server says goes to ``output``;
    without one, its errors stand among those of this process. Raises ``RuntimeError`` where it does
    not start, ``subprocess.TimeoutExpired`` where it does not end within ``END_SECONDS``.
    """
    with ExitStack() as opened:
        file = None if output is None else opened.enter_context(output.open("wb"))
        server = subprocess.Popen(
            [str(python), *command],
            cwd=CHECKOUT,
            env=os.environ | {"ARTEXTRACT_PEOPLE": ""} | dict(environment or {}),
            stdout=file or subprocess.DEVNULL,
            stderr=file,
        )
    try:
        wait_for(health, server, output)
        yield server
    finally:
        end(server)


def end(server: subprocess.Popen[bytes]) -> None:
    """Tells it to end, and waits until it has."""
    server.terminate()
    try:
        server.wait(timeout=END_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
        raise


def find_port() -> int:
    """A free port of loopback, which the system gives to nobody else while this process lives.

    It stays bound here, where nobody listens: a server that reuses addresses may listen on it.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    _HOLDERS.append(holder)
    return int(holder.getsockname()[1])


def wait_for(health: str, server: subprocess.Popen[bytes], output: Path | None = None) -> None:
    """Until ``health`` answers; raises ``RuntimeError``, with what stands in ``output``."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(health, timeout=2):
                return
        except urllib.error.HTTPError as refusal:
            with refusal:
                if refusal.code < 500:  # it answers, if only to other names than this one
                    return
        except OSError:
            pass
        time.sleep(0.1)
    said = "" if output is None else f": {output.read_text()[-2000:]}"
    raise RuntimeError(f"no server answered at {health} (status {server.poll()}){said}")
