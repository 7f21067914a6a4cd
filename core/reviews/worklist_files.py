"""Worklists to a file and back: JSON Lines, a worklist a line. Their sets are in a file of sets."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from core.errors import UserError
from core.label_word import is_word
from core.reviews.errors import WorklistRefused
from core.reviews.legality import LENGTHS, is_storable, parse_time
from core.reviews.names import clean_name
from core.reviews.origins import Origin
from core.reviews.sets import sign_change
from core.reviews.worklists import Worklist, WorklistLog
from core.row_files.rows import UPLOAD, Limits, read_rows
from core.row_files.rows_child import Unreadable

_SECOND: Final = {"yes": True, "no": False}
_LENGTHS: Final = {
    "worklist": 64,
    "set_id": 64,
    "person": LENGTHS["reviewer"],
    "task": LENGTHS["task"],
    "is_second": 3,
    "reviewer": LENGTHS["reviewer"],
    "time": 64,
    "run_id": LENGTHS["run_id"],
}
_LIKE_A_WORKLIST: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"worklist"\s*:')


def export_worklists(worklists: Sequence[Worklist]) -> bytes:
    """``worklists`` as a file."""
    lines = []
    for each in worklists:
        row = {"worklist": each.id, **asdict(each), "time": each.time.isoformat()}
        row["is_second"] = "yes" if each.is_second else "no"
        del row["id"]
        lines.append(f"{json.dumps(row, ensure_ascii=False)}\n")
    return "".join(lines).encode()


def is_worklist_file(content: bytes) -> bool:
    """Whether ``content`` looks like what ``export_worklists`` wrote."""
    return _LIKE_A_WORKLIST.match(content) is not None


def read_worklists(content: bytes, limits: Limits = UPLOAD) -> tuple[Worklist, ...]:
    """The worklists of a file, read in a process with ``limits``.

    Raises ``WorklistRefused`` for an invalid one, naming the line.
    """
    try:
        rows = read_rows(content, "jsonl", _LENGTHS, {}, limits)
    except Unreadable as error:
        raise WorklistRefused("The file of worklists cannot be read", found=str(error)) from error
    found = tuple(_read(number, cells) for number, cells in enumerate(rows.cells, start=1))
    if len({each.id for each in found}) < len(found):
        raise WorklistRefused("The file of worklists names one twice")
    return found


def find_fresh(log: WorklistLog, worklists: Sequence[Worklist]) -> tuple[Worklist, ...]:
    """Those of ``worklists`` that are not in ``log``."""
    here = {each.id for each in log.load()}
    return tuple(each for each in worklists if each.id not in here)


def restore_worklists(
    log: WorklistLog, worklists: Sequence[Worklist], origin: Origin
) -> tuple[Worklist, ...]:
    """Adds those that are missing and returns them; raises ``WorklistRefused`` where the set of
    one is not here. Then none is added.
    """
    fresh = find_fresh(log, worklists)
    log.add_as_they_are(fresh, origin)
    return fresh


def _read(number: int, cells: list[Any]) -> Worklist:
    *values, fault = cells
    row = dict(zip(_LENGTHS, values, strict=True))
    empty = [name for name, value in row.items() if not value]
    fault = fault or (f"no {', '.join(empty)}" if empty else _find_fault(row))
    time = None if fault else parse_time(row["time"])
    if fault or time is None:
        raise _refuse(number, fault or "its time is invalid, before 2000 or in the future")
    try:
        return Worklist(
            row["worklist"],
            row["set_id"],
            clean_name(row["person"]),
            row["task"],
            _SECOND[row["is_second"]],
            sign_change(row["reviewer"]),
            time,
            row["run_id"],
        )
    except UserError as error:
        raise _refuse(number, str(error)) from error


def _find_fault(row: dict[str, Any]) -> str:
    for column, longest in _LENGTHS.items():
        if len(row[column]) > longest or not is_storable(row[column]):
            return f"its {column} is no text of at most {longest:,} characters"
    if not is_word(row["task"]):
        return "its task is no word"
    return "" if row["is_second"] in _SECOND else "its is_second is neither yes nor no"


def _refuse(number: int, found: str) -> WorklistRefused:
    return WorklistRefused(
        f"Line {number} is not a worklist", found=found, expected=", ".join(_LENGTHS)
    )
