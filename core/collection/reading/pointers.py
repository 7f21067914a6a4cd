"""Small texts that Git LFS and git-annex leave where a large file has not been fetched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from core.collection.errors import CollectionError

# Largest size of a pointer by the specification of Git LFS (docs/spec.md).
LARGEST: Final = 1024
_MARKS: Final = {
    b"version https://git-lfs.github.com/spec/": ("a Git LFS pointer", "git lfs pull"),
    b"version https://hawser.github.com/spec/": ("a Git LFS pointer", "git lfs pull"),
    b"/annex/objects/": ("a git-annex pointer", "git annex get ."),
}
_SIZE: Final = re.compile(rb"^size (\d+)", re.MULTILINE)
# A folder of so many files shows whether any of its files was left as a pointer.
_SAMPLE: Final = 8


def describe_pointer(head: bytes) -> tuple[str, str] | None:
    """What the file is that begins with ``head``, and the command that fetches its content.

    ``None`` for a file that is no pointer.
    """
    return next((told for mark, told in _MARKS.items() if head.startswith(mark)), None)


def read_pointer(file: Path) -> tuple[str, str] | None:
    """As ``describe_pointer``, of a file; ``None`` as well where it cannot be read."""
    try:
        if file.stat().st_size > LARGEST:
            return None
        with file.open("rb") as opened:
            return describe_pointer(opened.read(64))
    except OSError:
        return None


def find_pointers(folder: Path, names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Pointers among the files ``names`` of ``folder``, each with what it is and the remedy.

    A few files are looked at; all, where one of these is a pointer.
    """
    step = max(1, len(names) // _SAMPLE)
    if not any(read_pointer(folder / name) for name in names[::step]):
        return {}
    told = {name: read_pointer(folder / name) for name in names}
    return {name: pointer for name, pointer in told.items() if pointer is not None}


def refuse_pointer(file: Path) -> None:
    """Raises ``CollectionError`` where ``file`` is a pointer, not the file that it stands for."""
    pointer = read_pointer(file)
    if pointer is None:
        return
    what, command = pointer
    size = _SIZE.search(file.read_bytes())
    raise CollectionError(
        f"{file} is {what}, not the file itself",
        found=f"a text that stands for {int(size[1]):,} bytes" if size else "a text",
        remedy=f"Fetch the file: run `{command}` in {file.resolve().parent}, or download it.",
    )
