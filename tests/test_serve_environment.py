"""A curator's laptop: the dashboard's own requirements serve and classify, without torch."""

from __future__ import annotations

import fcntl
import json
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from bench.server import find_port
from core.artifacts import open_run
from tests.synthetic_run import build_run

pytestmark = [pytest.mark.slow, pytest.mark.long]

ROOT = Path(__file__).parents[1]

HEAVY = """
import sys
import core.classify.__main__
print(*(name for name in ("torch", "timm", "umap", "scipy", "sklearn") if name in sys.modules))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The Python of an environment that ``make serve`` would use, made once for all processes."""
    own = tmp_path_factory.getbasetemp()
    venv = (own if worker_id == "master" else own.parent) / "serve" / "venv"
    venv.parent.mkdir(exist_ok=True)
    with venv.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(["make", f"SERVE_VENV={venv}", f"{venv}/.serve"], cwd=ROOT, check=True)
    return venv / "bin" / "python"


def test_the_environment_has_no_torch(python: Path) -> None:
    found = subprocess.run([python, "-c", "import torch"], capture_output=True, check=False)
    assert found.returncode != 0


def test_it_classifies(python: Path, tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path))
    picture = run.image_folder / run.paintings["image"][0]
    command = [python, "-m", "core.classify", picture, "--run", run.folder, "--json"]
    answer = json.loads(_run(command))
    assert answer["neighbours"][0]["key"] == run.paintings["key"][0]
    assert _run([python, "-c", HEAVY]).strip() == ""


@pytest.mark.server
def test_it_serves(python: Path, tmp_path: Path) -> None:
    folder = build_run(tmp_path)
    port = find_port()
    served: list[str | Path] = [
        python,
        "-m",
        "dashboard",
        "--artifacts",
        str(tmp_path),
        "--port",
        str(port),
    ]
    server = subprocess.Popen(served, cwd=ROOT)
    try:
        assert b"<!doctype html>" in _fetch(f"http://127.0.0.1:{port}/").lower()
        picture = _fetch(f"http://127.0.0.1:{port}/images/{folder.name}/0/160.jpg")
        assert picture[:2] == b"\xff\xd8"
    finally:
        server.terminate()
        server.wait(timeout=120)


def _run(command: list[str | Path]) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def _fetch(url: str, seconds: float = 120) -> bytes:
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as response:
                return bytes(response.read())
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)
