"""Runs that somebody else made: nothing outside of them is opened, and nothing hangs."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.artifacts.manifest import MANIFEST_NAME
from core.artifacts.schema import OPTIONAL, expected_files
from core.tasks import TASKS
from tests.security import hostile_runs
from tests.synthetic_run import TERMS, build_run

IN_ACCESS, IN_OPEN = 0x1, 0x20
FILES = (*expected_files(TASKS), *sorted(OPTIONAL), MANIFEST_NAME)


class Opened:
    """Whether anything in a folder was opened, by whatever library: the kernel tells."""

    def __init__(self, folder: Path) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._handle = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        watched = self._libc.inotify_add_watch(
            self._handle, os.fsencode(folder), IN_OPEN | IN_ACCESS
        )
        assert self._handle >= 0
        assert watched >= 0

    def take(self) -> bytes:
        """What was told since the last call; nothing when nothing was opened."""
        try:
            return os.read(self._handle, 65_536)
        except BlockingIOError:
            return b""

    def close(self) -> None:
        os.close(self._handle)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the runs, with a secret that no run may read."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.toml").write_text("cookie_secret = 'x'")
    return folder


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    root = tmp_path / "artifacts"
    build_run(root, hostile_runs.RUN, vocabulary=TERMS)
    return root


@pytest.fixture
def opened(outside: Path) -> Iterator[Opened]:
    if sys.platform != "linux":
        pytest.skip("the kernel's notices are Linux's")
    watch = Opened(outside)
    yield watch
    watch.close()


def open_all(root: Path, outside: Path) -> list[dict[str, Any]]:
    """How each case of ``hostile_runs`` ended."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.security.hostile_runs", str(root), str(outside)],
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
def test_no_manifest_leads_out_of_the_run(artifacts: Path, outside: Path, opened: Opened) -> None:
    told = open_all(artifacts, outside)
    assert len(told) == hostile_runs.CASES
    assert [each for each in told if each["end"] == "crashed"] == []
    assert [each for each in told if each["leaks"]] == []
    unnamed = [
        each
        for each in told
        if each["end"] == "refused" and not any(name in each["message"] for name in FILES)
    ]
    assert unnamed == []
    assert max(each["seconds"] for each in told) < hostile_runs.SECONDS
    assert Counter(each["end"] for each in told)["refused"] > hostile_runs.CASES / 2
    assert opened.take() == b""
    (outside / "secret.toml").read_text()
    assert opened.take() != b""  # the watch was awake
    assert all("cookie_secret" not in each["message"] for each in told)


def put_link(path: Path, outside: Path) -> None:
    shutil.move(path, outside / path.name)
    path.symlink_to(outside / path.name)


def put_pipe(path: Path, _: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def put_folder(path: Path, _: Path) -> None:
    path.unlink()
    path.mkdir()


def put_device(path: Path, _: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def put_nothing(path: Path, _: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("spoil", [put_link, put_pipe, put_folder, put_device, put_nothing])
def test_what_is_no_file_is_refused_and_never_opened(
    artifacts: Path, outside: Path, opened: Opened, spoil: Any
) -> None:
    folder = artifacts / hostile_runs.RUN
    for name in FILES:
        kept = (folder / name).read_bytes()
        spoil(folder / name, outside)
        opened.take()
        end, message = hostile_runs.attempt(lambda: hostile_runs.use(folder))
        assert (end, name in message) == ("refused", True), (name, message)
        assert opened.take() == b"", name
        if (folder / name).is_dir():
            (folder / name).rmdir()
        else:
            (folder / name).unlink()
        (folder / name).write_bytes(kept)
    hostile_runs.use(folder)
