"""Reads a file of rows once, in a process with limits.

The result is plain: texts, cut one character beyond a column's limit, or null.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from core.row_files.capped import Cap, ReaderFailed, run_capped
from core.row_files.rows_child import Unreadable, Wanted
from core.sizes import MEGABYTE
from core.turns import hold

_WAIT_SECONDS: Final = 30.0
_turn = threading.Lock()  # one file at a time: each may take all the memory of its limits


@dataclass(frozen=True)
class Limits:
    """Limits of one file: bytes, rows and text, and the seconds and memory for reading it."""

    file_bytes: int = 40 * MEGABYTE
    rows: int = 100_000
    characters: int = 48 * MEGABYTE
    seconds: float = 30.0
    memory_bytes: int = 1536 * MEGABYTE


UPLOAD: Final = Limits()  # on a server, for any reviewer
# The command line reads one's own backup, which may be as large as the log.
COMMAND_LINE: Final = Limits(
    file_bytes=1024 * MEGABYTE,
    rows=2_000_000,
    characters=2048 * MEGABYTE,
    seconds=600.0,
    memory_bytes=8192 * MEGABYTE,
)


@dataclass(frozen=True)
class Rows:
    """``cells``: a list a row, in the order asked for, and its fault as the last cell.

    ``columns``: those of the wanted columns that the file has. ``notes``: sentences for the user.
    """

    columns: frozenset[str]
    cells: list[list[Any]]
    notes: tuple[str, ...] = ()


def read_rows(
    content: bytes,
    form: str,
    columns: Mapping[str, int],
    lists: Mapping[str, int],
    limits: Limits,
) -> Rows:
    """The rows of a file of a form of ``rows_child.READERS``; columns as in ``rows_child.Wanted``.

    Raises ``Unreadable`` with a message, with the line where known.
    """
    if len(content) > limits.file_bytes:
        size, limit = len(content) / MEGABYTE, limits.file_bytes / MEGABYTE
        raise Unreadable(f"it has {size:,.1f} MB; the limit is {limit:,.0f} MB")
    wanted = Wanted(form, dict(columns), dict(lists), limits.rows, limits.characters)
    cap = Cap(limits.seconds, limits.memory_bytes, limits.characters + MEGABYTE)
    busy = Unreadable("another file is being read; try again in a moment")
    header = json.dumps(asdict(wanted)).encode()
    try:
        with hold(_turn, _WAIT_SECONDS, busy):
            answer = run_capped("core.row_files.rows_child", header + b"\n" + content, cap)
    except ReaderFailed as error:
        raise Unreadable(error.what) from error
    return _check(answer.splitlines(), len(columns) + len(lists))


def _check(lines: Sequence[bytes], width: int) -> Rows:
    """The validated answer: the file may have taken over the process."""
    try:
        *cells, status = [json.loads(line) for line in lines]
        if status["reason"]:
            raise Unreadable(str(status["reason"])[:200], int(status["line"]))
        if not all(isinstance(row, list) and len(row) == width + 1 for row in cells):
            raise ValueError("rows of another width")
        notes = tuple(str(note)[:200] for note in status["notes"])
        return Rows(frozenset(map(str, status["columns"])), cells, notes)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Unreadable("the reader failed on it and was stopped") from error
