"""Pieces and array files: whole, or computed again; a full disk; who holds the folder."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core.errors import UserError
from core.training import array_file, disk
from core.training.array_file import ArrayFile
from core.training.disk import DiskFull
from core.training.work import WorkFolder

IDENTITY = {"seed": 7}
SHAPE, BLOCK = (10, 2, 3), 4


@pytest.fixture
def work(tmp_path: Path) -> Iterator[WorkFolder]:
    folder = WorkFolder(tmp_path, IDENTITY)
    yield folder
    folder.let_go()


def open_array(folder: Path, shape: tuple[int, ...] = SHAPE) -> ArrayFile:
    return ArrayFile(folder, "stem", shape, "float16", BLOCK)


def fill(file: ArrayFile) -> np.ndarray:
    values = np.arange(60, dtype=np.float16).reshape(SHAPE)
    for rows in file.missing():
        file.fill(rows, values[rows])
    return values


def flip_a_bit(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(bytes(content))


def raise_full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "planted")


def test_a_piece_comes_back(work: WorkFolder, tmp_path: Path) -> None:
    piece = {"weights": torch.arange(3), "epoch": 2, "loss": None, "history": [{"a": 0.5}]}
    work.save("fold-0.result", piece)
    again = WorkFolder(tmp_path, IDENTITY).load("fold-0.result")
    torch.testing.assert_close(again.pop("weights"), piece.pop("weights"))
    assert again == piece
    assert work.load("fold-1.result") is None
    assert WorkFolder(tmp_path, {"seed": 8}).load("fold-0.result") is None


@pytest.mark.parametrize("damage", ["bit", "half", "empty", "other"])
def test_a_damaged_piece_is_said_and_computed_again(
    work: WorkFolder, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    work.save("looks", {"positions": torch.zeros(100)})
    path = work.path / "looks"
    content = path.read_bytes()
    if damage == "bit":
        flip_a_bit(path, len(content) // 2)
    else:
        other = {"half": content[: len(content) // 2], "empty": b"", "other": b"x" * 500}
        path.write_bytes(other[damage])
    assert work.load("looks") is None
    assert "looks is damaged" in capsys.readouterr().err
    assert not path.exists()


def test_a_full_disk_leaves_the_last_piece(
    work: WorkFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.save("looks", 1)
    monkeypatch.setattr(os, "fsync", raise_full)
    with pytest.raises(DiskFull, match="same command") as caught:
        work.save("looks", 2)
    assert "the piece looks" in str(caught.value)
    assert work.load("looks") == 1
    assert [path.name for path in work.path.iterdir()] == ["looks"]


def test_only_one_process_trains_a_run(work: WorkFolder, tmp_path: Path) -> None:
    work.take()
    with pytest.raises(UserError, match="another process"):
        WorkFolder(tmp_path, IDENTITY).take()
    other = WorkFolder(tmp_path, {"seed": 8})
    other.take()
    other.let_go()
    work.let_go()
    again = WorkFolder(tmp_path, IDENTITY)
    again.take()
    again.let_go()


def test_what_is_left_after_publishing_can_be_found_until_the_end(
    work: WorkFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    work.take()
    for name in ("run", "looks", "a", "z"):
        work.save(name, 1)
    (work.path / "draft").mkdir()
    seen: list[set[str]] = []
    unlink = Path.unlink

    def watch(path: Path, **options: Any) -> None:
        seen.append({each.name for each in work.path.iterdir()})
        unlink(path, **options)

    monkeypatch.setattr(Path, "unlink", watch)
    work.remove(last="run")
    assert all("run" in names for names in seen)
    assert seen[-1] == {"run"}
    assert not any((tmp_path / ".work").iterdir())


def test_other_unfinished_runs_are_counted(work: WorkFolder, tmp_path: Path) -> None:
    assert work.describe_others() is None
    WorkFolder(tmp_path, {"seed": 8}).save("x", torch.zeros(5_000_000))
    note = work.describe_others() or ""
    assert note.startswith("1 other unfinished run ")
    assert "0.02 GB" in note
    assert "make clean-work" in note


def test_blocks_are_filled_once(tmp_path: Path) -> None:
    file = open_array(tmp_path)
    assert file.missing() == [slice(0, 4), slice(4, 8), slice(8, 10)]
    file.fill(slice(4, 8), np.ones((4, 2, 3)))
    assert open_array(tmp_path).missing() == [slice(0, 4), slice(8, 10)]
    values = fill(file)
    again = open_array(tmp_path)
    assert again.missing() == []
    np.testing.assert_array_equal(again.array[4:8], 1)
    np.testing.assert_array_equal(again.array[8:], values[8:])


@pytest.mark.parametrize("damage", ["bit", "cut"])
def test_a_damaged_block_is_said_and_computed_again(
    tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    values = fill(open_array(tmp_path))
    path = tmp_path / "stem.npy"
    if damage == "bit":
        flip_a_bit(path, -1)
    else:
        path.write_bytes(path.read_bytes()[:-5])
    file = open_array(tmp_path)
    assert file.missing() == [slice(8, 10)]
    assert "1 of 3 blocks" in capsys.readouterr().err
    fill(file)
    np.testing.assert_array_equal(open_array(tmp_path).array, values)


@pytest.mark.parametrize("damage", ["lost", "header", "shape", "marks"])
def test_a_damaged_array_is_computed_again(
    tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(open_array(tmp_path))
    path = tmp_path / "stem.npy"
    match damage:
        case "lost":
            path.unlink()
        case "header":
            flip_a_bit(path, 2)
        case "shape":
            np.save(path, np.zeros((3, 3)))
        case "marks":
            (tmp_path / "stem.checksums").write_bytes(b"torn")
    file = open_array(tmp_path)
    assert len(file.missing()) == 3
    if damage != "marks":
        assert "stem.npy is missing or damaged" in capsys.readouterr().err
    values = fill(file)
    np.testing.assert_array_equal(open_array(tmp_path).array, values)


def test_a_power_cut_that_kept_the_mark_alone_is_found(tmp_path: Path) -> None:
    fill(open_array(tmp_path))
    array = np.load(tmp_path / "stem.npy", mmap_mode="r+")
    array[0:4] = 0
    assert open_array(tmp_path).missing() == [slice(0, 4)]


def test_every_byte_of_an_array_has_its_place(tmp_path: Path) -> None:
    """In a sparse file a full disk would end the process, without a word, on some later write."""
    ArrayFile(tmp_path, "stem", (1000, 1000), "float16", 100)
    status = (tmp_path / "stem.npy").stat()
    assert status.st_blocks * 512 >= status.st_size


@pytest.mark.parametrize("where", ["before", "meanwhile"])
def test_an_array_that_does_not_fit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    if where == "before":
        monkeypatch.setattr(disk, "measure_free", lambda folder: disk.RESERVE)
    else:
        monkeypatch.setattr(array_file, "reserve_space", raise_full)
    with pytest.raises(DiskFull, match="no room for stem"):
        open_array(tmp_path)
    assert not any(tmp_path.iterdir())


def test_other_errors_than_a_full_disk_stay_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), disk.explain_full_disk("x", tmp_path):
        raise PermissionError(errno.EACCES, "planted")
    with pytest.raises(io.UnsupportedOperation), disk.explain_full_disk("x", tmp_path):
        raise io.UnsupportedOperation
