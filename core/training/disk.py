"""Disk space: checked beforehand, and reported when it runs out."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from core.errors import UserError

RESERVE: Final = 1 << 30  # bytes to leave free beyond what is needed
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


class DiskFull(UserError):
    """The disk has no room for what must be written."""


@contextmanager
def explain_full_disk(what: str, folder: Path) -> Iterator[None]:
    """Raises ``DiskFull``, naming ``what``, for an ``OSError`` of a full disk in the body."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise DiskFull(
            f"the disk that holds {folder} is full: no room for {what}",
            found=f"{measure_free(folder) / 1e9:.2f} GB free",
            remedy="Free some space and run the same command again: it resumes from the last "
            "finished piece.",
        ) from error


def require_space(folder: Path, what: str, needed: int) -> None:
    """Raises ``DiskFull`` unless ``needed`` bytes and a reserve are free."""
    free = measure_free(folder)
    if needed + RESERVE > free:
        raise DiskFull(
            f"no room for {what} in {folder}",
            found=f"{free / 1e9:.1f} GB free",
            expected=f"{(needed + RESERVE) / 1e9:.1f} GB",
            remedy="Free some space, name another folder with --artifacts, or make the model "
            "smaller with --image-size or --views whole.",
        )


def reserve_space(path: Path) -> None:
    """Allocates every byte of a sparse file, so that later writes cannot fill the disk. Through a
    memory map, a full disk would end the process without an error message.
    """
    if not hasattr(os, "posix_fallocate"):
        return
    with path.open("r+b") as file:
        try:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
        except OSError as error:
            if error.errno in _FULL:
                raise  # a file system without allocation reports another error


def measure_free(folder: Path) -> int:
    """Bytes free where ``folder`` is, or would be."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def measure_folder(folder: Path) -> int:
    """Bytes of all files below ``folder``; files that vanish meanwhile do not count."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(parent) / name).stat().st_size
            except FileNotFoundError:
                continue
    return total
