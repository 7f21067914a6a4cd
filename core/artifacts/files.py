"""Opens files of a run: only regular files below the folder of runs, and never through a link.

A run may be hostile. Whatever its manifest or folder says, nothing outside is opened:
every folder on the way is opened from the one above, links are refused at each step, and only what
is a regular file is opened at all (a named pipe would block its reader forever).
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Final

from core.sizes import MEGABYTE

MOST_HOLES: Final = 64 * MEGABYTE  # of a file, together
_FOLDER: Final = os.O_DIRECTORY | os.O_CLOEXEC | getattr(os, "O_PATH", os.O_RDONLY)
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def open_below(root: Path, *names: str) -> Iterator[BufferedReader]:
    """The regular file ``root/names[0]/names[1]/...`` for reading.

    ``root`` may lie behind links; from there on none is followed. Raises ``OSError`` with the
    reason: an invalid name, a link, a folder, a named pipe, a socket, a device, mostly holes.
    """
    *folders, name = names
    with _open_folder(root, folders) as folder:
        _require_regular(_stat(name, folder))  # before opening, which can have side effects
        handle = os.open(name, _FILE, dir_fd=folder)
    with os.fdopen(handle, "rb") as file:
        facts = os.fstat(handle)
        _require_regular(facts)  # and after, in case it was replaced
        _require_filled(handle, facts.st_size)
        yield file


def read_below(root: Path, *names: str, limit: int) -> bytes:
    """Content of the file; raises ``OSError`` as ``open_below``, and above ``limit`` bytes."""
    with open_below(root, *names) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"more than {limit / MEGABYTE:,.0f} MB")
    return data


def hash_below(root: Path, *names: str) -> str:
    """SHA-256 of the file's content in hex digits; raises ``OSError`` as ``open_below``."""
    with open_below(root, *names) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def measure_below(root: Path, *names: str) -> int:
    """Bytes of the file, which is not opened; raises ``OSError`` as ``open_below``."""
    *folders, name = names
    with _open_folder(root, folders) as folder:
        facts = _stat(name, folder)
    _require_regular(facts)
    return facts.st_size


def require_folder(root: Path, *names: str) -> None:
    """Raises ``OSError`` unless that is a folder below ``root``, reached through no link."""
    with _open_folder(root, names):
        pass


@contextmanager
def _open_folder(root: Path, names: tuple[str, ...] | list[str]) -> Iterator[int]:
    handle = os.open(root, _FOLDER)
    try:
        for name in names:
            facts = _stat(name, handle)
            if stat.S_ISLNK(facts.st_mode):
                raise OSError(errno.ELOOP, f"{name!r} is a link; links are not followed")
            above, handle = handle, os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=handle)
            os.close(above)
        yield handle
    finally:
        os.close(handle)


def _stat(name: str, folder: int) -> os.stat_result:
    if name in {"", ".", ".."} or "/" in name or "\0" in name:
        raise OSError(errno.EINVAL, f"{name!r} is not a file name")
    return os.stat(name, dir_fd=folder, follow_symlinks=False)


def _require_regular(facts: os.stat_result) -> None:
    if not stat.S_ISREG(facts.st_mode):
        raise OSError(errno.EINVAL, f"{_name_kind(facts.st_mode)}, not a regular file")


def _require_filled(handle: int, size: int) -> None:
    """A terabyte of holes costs nothing to make, and as long to read as a terabyte of numbers."""
    at = holes = 0
    while at < size:
        data = _find_data(handle, at, size)
        holes += data - at
        if holes > MOST_HOLES:
            found = f"a file with holes of more than {MOST_HOLES / MEGABYTE:,.0f} MB"
            raise OSError(errno.EFBIG, found)
        at = os.lseek(handle, data, os.SEEK_HOLE) if data < size else size
    os.lseek(handle, 0, os.SEEK_SET)


def _find_data(handle: int, at: int, size: int) -> int:
    """Where the next bytes that were written begin; ``size`` where there are none."""
    try:
        return os.lseek(handle, at, os.SEEK_DATA)
    except OSError as error:
        if error.errno == errno.ENXIO:
            return size
        raise


def _name_kind(mode: int) -> str:
    kinds = {
        stat.S_IFLNK: "a link",
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
    }
    return kinds.get(stat.S_IFMT(mode), "a device")
