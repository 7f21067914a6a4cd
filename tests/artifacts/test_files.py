"""The way to a file of a run: regular files below a folder, through no link."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.artifacts.files import hash_below, measure_below, open_below, read_below, require_folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """``root/run/map.npy``, and a secret beside ``root``."""
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "root" / "run"
    folder.mkdir(parents=True)
    (folder / "map.npy").write_bytes(b"12345")
    return tmp_path / "root"


def test_a_regular_file_is_read_measured_and_hashed(root: Path) -> None:
    assert read_below(root, "run", "map.npy", limit=5) == b"12345"
    assert measure_below(root, "run", "map.npy") == 5
    assert hash_below(root, "run", "map.npy").startswith("5994471abb")
    with pytest.raises(OSError, match="more than"):
        read_below(root, "run", "map.npy", limit=4)


def test_the_root_itself_may_lie_behind_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").symlink_to(root)
    assert read_below(tmp_path / "elsewhere", "run", "map.npy", limit=9) == b"12345"


@pytest.mark.parametrize("name", ["", ".", "..", "../secret", "/etc/passwd", "a/b", "map.npy\0"])
def test_a_name_that_is_none_is_refused(root: Path, name: str) -> None:
    for names in (("run", name), (name, "map.npy")):
        with pytest.raises(OSError, match="is not a file name"):
            read_below(root, *names, limit=9)


def make_link(path: Path) -> None:
    path.symlink_to(path.parents[2] / "secret")


def make_inner_link(path: Path) -> None:
    path.symlink_to("map.npy")  # even one that stays inside


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (make_link, "a link"),
        (make_inner_link, "a link"),
        (os.mkfifo, "a named pipe"),
        (Path.mkdir, "a folder"),
        (make_socket, "a socket"),
    ],
)
def test_what_is_no_regular_file_is_named_and_not_opened(
    root: Path, make: Callable[[Path], None], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root / "run")  # a socket's path may be short only
    make(root / "run" / "odd")
    opened = []
    real = os.open

    def note(name: str, *rest: Any, **more: Any) -> int:
        opened.append(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(os, "open", note)
    with pytest.raises(OSError, match=kind):
        read_below(root, "run", "odd", limit=9)
    with pytest.raises(OSError, match=kind):
        measure_below(root, "run", "odd")
    assert "odd" not in opened


def test_a_linked_folder_on_the_way_is_refused(root: Path) -> None:
    (root / "linked").symlink_to(root / "run")
    for call in (
        lambda: require_folder(root, "linked"),
        lambda: hash_below(root, "linked", "map.npy"),
    ):
        with pytest.raises(OSError, match="'linked' is a link"):
            call()
    require_folder(root, "run")


def test_a_file_exchanged_for_a_pipe_meanwhile_does_not_hang(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def exchange(name: str, flags: int, **options: int) -> int:
        if name == "map.npy":
            (root / "run" / name).unlink()
            os.mkfifo(root / "run" / name)
        return real(name, flags, **options)

    monkeypatch.setattr(os, "open", exchange)
    with pytest.raises(OSError, match="named pipe"), open_below(root, "run", "map.npy"):
        pass


def count_handles() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_no_handle_is_left_open(root: Path) -> None:
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no /proc here")
    (root / "linked").symlink_to(root / "run")
    before = count_handles()
    for _ in range(50):
        read_below(root, "run", "map.npy", limit=9)
        for names in (("linked", "map.npy"), ("run", "missing"), ("none", "map.npy")):
            with pytest.raises(OSError, match=r"."):
                read_below(root, *names, limit=9)
    assert count_handles() == before


def test_a_file_of_holes_is_refused_before_it_is_read(root: Path) -> None:
    (root / "run" / "hollow").touch()
    os.truncate(root / "run" / "hollow", 1 << 40)  # it takes no room, and hours to hash
    for read in (lambda: hash_below(root, "run", "hollow"), lambda: open_and_close(root, "hollow")):
        with pytest.raises(OSError, match="holes"):
            read()
    with (root / "run" / "patched").open("wb") as file:
        for place in range(1, 9):
            file.seek(place * 10_000_000)
            file.write(b"x")
    with pytest.raises(OSError, match="holes"):
        hash_below(root, "run", "patched")
    (root / "run" / "small").touch()
    os.truncate(root / "run" / "small", 1 << 20)  # as some programs copy a run of zeros
    assert len(read_below(root, "run", "small", limit=1 << 20)) == 1 << 20


def open_and_close(root: Path, name: str) -> None:
    with open_below(root, "run", name):
        pass
