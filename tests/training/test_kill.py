"""Killed at any moment, the same command goes on and ends in the run of an undisturbed one."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from tests.training.compare import (
    assert_same_run,
    expected_points,
    find_run,
    load_history,
    load_points,
)
from tests.training.conftest import small_arguments
from tests.training.launcher import Launcher

pytestmark = [pytest.mark.slow, pytest.mark.long]

MODELS = ("fold-0", "fold-1", "published")
PHASES = ("frozen", "fine-tuning")
STAGES = (
    "store",
    "stem",
    "features",
    *(f"{model}.{phase}" for model in MODELS for phase in PHASES),
    "map",
    "publish",
    "published",
)
KILLS = (  # the stage to wait for, and how long to let it run at most, in seconds
    ("store", 0.05),
    ("store", 0.2),
    ("stem", 0.1),
    ("stem", 0.3),
    ("features", 0.1),
    *((f"{model}.{phase}", 0.6) for model in MODELS for phase in PHASES),
    ("map", 4.0),
    ("publish", 1.0),
    ("publish", 8.0),
)


@pytest.fixture(scope="module")
def launcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    with Launcher(tmp_path_factory.mktemp("launcher") / "log") as launcher:
        yield launcher


def locate(artifacts: Path) -> str:
    """The stage that a trainer is in, by what it has left on the disk."""
    if any(artifacts.glob("*/manifest.json")):
        return "published"
    works = list((artifacts / ".work").glob("*"))
    if not works:
        return "store"
    names = {path.name for path in works[0].iterdir()}
    if "run" in names:
        return "publish"
    if "published.result" in names:
        return "map"
    for name in ("stem", "features"):
        checksums = works[0] / f"{name}.checksums"
        if not checksums.exists() or not (np.fromfile(checksums, "<u8") != 0).all():
            return name
    finished = sum(f"{model}.result" in names for model in MODELS)
    tuning = f"{MODELS[finished]}.fine-tuning" in names
    return f"{MODELS[finished]}.{PHASES[tuning]}"


def wait_for(stage: str, artifacts: Path, pid: int) -> None:
    """Until the trainer is in ``stage`` or beyond, or has ended."""
    while STAGES.index(locate(artifacts)) < STAGES.index(stage):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.005)
    while stage == "store" and not any(artifacts.glob("images/*/*/*.jpg")):
        time.sleep(0.001)


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):  # it may have ended by itself
        os.kill(pid, signal.SIGKILL)


def test_a_killed_run_ends_as_an_undisturbed_one(
    launcher: Launcher,
    patterns: Path,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    launcher.start(*small_arguments(patterns, undisturbed))
    assert launcher.wait() == 0, launcher.log.read_text()

    chance, landed = random.Random(20), []
    for stage, longest in KILLS:
        age_leftovers(killed)
        pid = launcher.start(*small_arguments(patterns, killed))
        wait_for(stage, killed, pid)
        time.sleep(chance.uniform(0, longest))
        kill(pid)
        status = launcher.wait()
        assert status in (0, -signal.SIGKILL), launcher.log.read_text()
        if status == 0:
            break
        landed.append(locate(killed))
    record_property("killed in", landed)
    if any((killed / ".work").iterdir()):  # the last kill may have come after all was done
        age_leftovers(killed)
        launcher.start(*small_arguments(patterns, killed))
        assert launcher.wait() == 0, launcher.log.read_text()

    assert len(landed) >= 10
    assert len(set(landed)) >= 6
    assert_same_run(find_run(killed), find_run(undisturbed))
    assert load_points(killed) == expected_points(load_history(find_run(killed)))
    assert_nothing_left(killed)


def age_leftovers(artifacts: Path) -> None:
    """As if an hour passed before the next start: younger files may be another process's."""
    for left in artifacts.rglob("*.partial"):
        os.utime(left, (0, 0))


def assert_nothing_left(artifacts: Path) -> None:
    """The run, the store, the scalars: no half-written file or folder beside them."""
    expected = {".work", "images", "tensorboard", find_run(artifacts).name}
    assert {path.name for path in artifacts.iterdir()} == expected
    assert not list((artifacts / ".work").iterdir())
    assert not list(artifacts.rglob("*.partial"))
