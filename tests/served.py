"""Dashboards in processes of their own, on free ports of loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
START_SECONDS = 40


@contextmanager
def serve(
    artifacts: Path,
    verdicts: Path,
    *options: str,
    port: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Address of a dashboard over ``artifacts``, with its log of verdicts in ``verdicts``."""
    port = port or free_port()
    command = ["--artifacts", str(artifacts), "--reviews", str(verdicts), *options]
    with run([*command, "--port", str(port)], port, environment):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def run(
    options: list[str],
    port: int,
    environment: Mapping[str, str] | None = None,
    output: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """The process of a dashboard with ``options``, once it answers on ``port``; ended at the end.

    ``environment`` is added to this process's own; what the server says goes to ``output``.
    """
    said = None if output is None else output.open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard", *options],
        cwd=CHECKOUT,
        env=os.environ | (environment or {}),
        stdout=said,
        stderr=said,
    )
    if said is not None:
        said.close()  # the process has its own
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", process, output)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[bytes], output: Path | None = None) -> None:
    """Waits until ``address`` answers; fails with what the process wrote to ``output``."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            said = "" if output is None else f": {output.read_text()[-2000:]}"
            pytest.fail(f"the server ended with status {process.returncode}{said}")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except urllib.error.HTTPError as refusal:
            with refusal:
                if refusal.code < 500:  # it answers, if only to other names than this one
                    return
            time.sleep(0.2)
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not answer within {START_SECONDS} s")
