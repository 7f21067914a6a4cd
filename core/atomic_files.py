"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replace_file(path: Path, *, by_many: bool = False, sync: bool = True) -> Iterator[Path]:
    """A file beside ``path`` for the body to write; it takes ``path``'s place once the body ends.

    So a reader sees the old file or the whole new one, after a power cut, too, unless ``sync`` is
    off (for what can be made again). An error leaves ``path`` as it was and nothing beside it. A
    kill leaves the file beside: the next call writes over it, or, with ``by_many`` (several
    processes may write ``path`` at once), whoever keeps the folder clears it.
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
