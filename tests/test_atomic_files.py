"""A file is replaced whole or stays as it was."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.atomic_files import replace_file

KILLED = """
import os, signal, sys
from pathlib import Path
from core.atomic_files import replace_file
with replace_file(Path(sys.argv[1]), by_many=sys.argv[2] == "many") as beside:
    beside.write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("by_many", [False, True])
@pytest.mark.parametrize("sync", [False, True])
def test_the_new_file_takes_the_place_of_the_old(tmp_path: Path, by_many: bool, sync: bool) -> None:
    path = tmp_path / "folder" / "file.bin"
    for content in (b"old", b"new"):
        with replace_file(path, by_many=by_many, sync=sync) as beside:
            beside.write_bytes(content)
            assert not path.exists() or path.read_bytes() == b"old"
        assert path.read_bytes() == content
    assert _list(path.parent) == ["file.bin"]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_an_error_leaves_the_old_file_alone(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    with pytest.raises(error):
        _fail(path, error)
    assert path.read_bytes() == b"old"
    assert _list(tmp_path) == ["file.bin"]


@pytest.mark.parametrize("writers", ["one", "many"])
def test_a_kill_leaves_the_old_file_alone(tmp_path: Path, writers: str) -> None:
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), writers], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"
    with replace_file(path) as beside:
        beside.write_bytes(b"new")
    assert path.read_bytes() == b"new"
    assert len(_list(tmp_path)) == (1 if writers == "one" else 2)


def _fail(path: Path, error: type[BaseException]) -> None:
    with replace_file(path) as beside:
        beside.write_bytes(b"half")
        raise error


def _list(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
