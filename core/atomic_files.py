"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replace_file(path: Path, *, by_many: bool = False, sync: bool = True) -> Iterator[Path]:
    """A temporary file beside ``path`` for the body to write; it replaces ``path`` once the body
    ends. A reader sees the old file or the whole new one, even after a power cut, unless ``sync``
    is off (for files that can be rebuilt). An error leaves ``path`` unchanged and removes the
    temporary file. A kill leaves the temporary file: the next call overwrites it or, with
    ``by_many`` (several processes may write ``path`` at once), the owner of the folder removes it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}{f'.{os.getpid()}' if by_many else ''}.partial")
    beside.unlink(missing_ok=True)
    try:
        yield beside
        if sync:
            sync_file(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Returns once what was written to ``path`` is on its disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
