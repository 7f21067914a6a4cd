"""Nothing that we start writes an id or asks for another machine.

Every program runs with an empty home, in a network that holds nobody (``unshare -n``), while
``strace`` notes every address that it or a child of it would speak to, native libraries' threads
included.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.artifacts import open_run
from tests.synthetic_run import build_run

CHECKOUT = Path(__file__).parents[2]
SYSTEM_CALLS = "trace=connect,sendto,sendmsg,sendmmsg"
SPOKEN_TO = re.compile(r'sa_family=AF_INET6?,.*?(?:inet_addr\(|AF_INET6, ")"?([0-9a-fA-F.:]+)')
# Caches of fonts and of compiled code say nothing of anybody.
CACHES = (".cache/fontconfig/", ".cache/matplotlib/", ".config/matplotlib/")
TRAINER = """
import train, core.training.run, core.training.dry_run, core.training.weights
import core.collection.sources.hub
import core.projection, torch.utils.tensorboard, onnxruntime
onnxruntime.SessionOptions()
onnxruntime.get_available_providers()
"""
BENCHES = """
import bench.quantisation, bench.classify_latency
import onnxruntime, openvino
openvino.Core().available_devices
onnxruntime.SessionOptions()
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module", autouse=True)
def _watched() -> None:
    if not shutil.which("strace"):
        pytest.skip("no strace, which sees what native libraries do: .ci/run installs it")
    if subprocess.run(_lonely("true"), capture_output=True, check=False).returncode:
        pytest.skip("this machine gives no process a network of its own (unshare -n)")


@pytest.mark.slow
def test_the_classifier_reports_to_nobody(home: Path, tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path / "artifacts"))
    picture = run.image_folder / run.paintings["image"][0]
    _watch(home, "-m", "core.classify", str(picture), "--run", str(run.folder))


@pytest.mark.slow
def test_the_dashboard_reports_to_nobody_wherever_it_is_started(home: Path, tmp_path: Path) -> None:
    build_run(tmp_path / "artifacts")
    elsewhere = tmp_path / "elsewhere"  # without .streamlit/config.toml
    elsewhere.mkdir()
    artifacts = str(tmp_path / "artifacts")
    _watch(home, "-m", "tests.security.visitor", folder=elsewhere, ARTEXTRACT_ARTIFACTS=artifacts)


@pytest.mark.slow
@pytest.mark.parametrize("code", [TRAINER, BENCHES], ids=["trainer", "benchmarks"])
def test_what_training_and_measuring_import_reports_to_nobody(home: Path, code: str) -> None:
    _watch(home, "-c", code)


@pytest.mark.slow
def test_a_library_that_does_report_is_seen(home: Path) -> None:
    """Else the tests above could not fail."""
    code = "import onnxruntime; onnxruntime.SessionOptions(); import time; time.sleep(3)"
    with pytest.raises(AssertionError, match="deviceid"):
        _watch(home, "-c", code)
    code = "import socket; socket.socket().connect_ex(('192.0.2.1', 443))"
    with pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        _watch(home, "-c", code)


def _watch(home: Path, *arguments: str, folder: Path = CHECKOUT, **environment: str) -> None:
    """Runs Python on ``arguments``; fails for a file that tells of a machine, or an address."""
    notes = home.with_name("strace.txt")
    tracing = ["strace", "-f", "-qq", "-e", SYSTEM_CALLS, "-o", str(notes)]
    done = subprocess.run(
        _lonely(*tracing, sys.executable, *arguments),
        cwd=folder,
        env=_environment(home) | environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    spoken_to = {
        found for line in notes.read_text().splitlines() for found in SPOKEN_TO.findall(line)
    }
    assert {each for each in spoken_to if not each.startswith("127.") and each != "::1"} == set()
    written = [str(each.relative_to(home)) for each in home.rglob("*") if each.is_file()]
    assert [each for each in written if not each.startswith(CACHES)] == []


def _lonely(*command: str) -> list[str]:
    """The command in a network without anybody; as a user of its own where we are not root."""
    return ["unshare", "-n" if os.geteuid() == 0 else "-rn", *command]


def _environment(home: Path) -> dict[str, str]:
    """Nothing but what a fresh account has: no CI variable, at which libraries keep quiet."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": str(CHECKOUT),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
    }
