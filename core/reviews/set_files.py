"""Sets to a file and back: JSON Lines, a set a line."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from core.reviews.errors import SetRefused
from core.reviews.legality import LENGTHS, is_storable, parse_time
from core.reviews.origins import Origin
from core.reviews.sets import MAX_SET_NAME, NamedSet, SetLog, sign_change, tidy_name
from core.row_files.rows import UPLOAD, Limits, read_rows
from core.row_files.rows_child import Unreadable

_TEXTS: Final = {
    "id": 64,
    "name": 4 * MAX_SET_NAME,  # with the spaces that are taken out
    "reviewer": LENGTHS["reviewer"],
    "run_id": LENGTHS["run_id"],
    "time": 64,
}
_LISTS: Final = {"keys": LENGTHS["key"], "notes": LENGTHS["note"]}
_FIELDS: Final = sorted({*_TEXTS, "keys"})  # files from before there were notes have none
_START: Final = 10_000  # bytes by which a file of sets is told
_LIKE_A_SET: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{[^\n]{0,4000}"keys"\s*:')


def export_sets(sets: Sequence[NamedSet]) -> bytes:
    """``sets`` as a file."""
    rows = (asdict(each) | {"time": each.time.isoformat()} for each in sets)
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()


def is_set_file(content: bytes) -> bool:
    """Whether ``content`` looks like what ``export_sets`` wrote, and not like a log of verdicts."""
    start = content[:_START]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = start.decode("utf-16", "replace").encode()
    return _LIKE_A_SET.match(start) is not None


def read_sets(content: bytes, limits: Limits = UPLOAD) -> tuple[NamedSet, ...]:
    """The sets of a file, read in a process with ``limits``.

    Raises ``SetRefused`` for an invalid one, naming the line.
    """
    try:
        rows = read_rows(content, "jsonl", _TEXTS, _LISTS, limits)
    except Unreadable as error:
        if error.line:
            raise _refuse(error.line, str(error)) from error
        raise SetRefused("The file of sets cannot be read", found=str(error)) from error
    sets = tuple(_read(number, cells) for number, cells in enumerate(rows.cells, start=1))
    seen: set[str] = set()
    for number, each in enumerate(sets, start=1):
        if each.id in seen:
            raise _refuse(number, "its id occurs twice in the file")
        seen.add(each.id)
    return sets


def find_fresh(log: SetLog, sets: Sequence[NamedSet]) -> tuple[NamedSet, ...]:
    """Those of ``sets`` that are not in ``log``."""
    here = {each.id for each in log.load()}
    return tuple(each for each in sets if each.id not in here)


def find_differing(log: SetLog, sets: Sequence[NamedSet]) -> tuple[NamedSet, ...]:
    """Those of ``sets`` that ``log`` has with another name, other paintings or notes."""
    here = {each.id: (each.name, each.keys, each.notes) for each in log.load()}
    return tuple(
        each
        for each in sets
        if each.id in here and here[each.id] != (each.name, each.keys, each.notes)
    )


def restore_sets(log: SetLog, sets: Sequence[NamedSet], origin: Origin) -> tuple[NamedSet, ...]:
    """Adds those of ``sets`` that are missing, with names and authors; returns them. Raises
    ``SetRefused`` where another set here has a name; then none is added.
    """
    fresh = find_fresh(log, sets)
    log.add_as_they_are(fresh, origin)
    return fresh


def _read(number: int, cells: list[Any]) -> NamedSet:
    *values, fault = cells
    row = dict(zip((*_TEXTS, *_LISTS), values, strict=True))
    empty = [name for name in _FIELDS if not row[name]]
    fault = fault or (f"no {', '.join(empty)}" if empty else _find_fault(row))
    if fault:
        raise _refuse(number, fault)
    try:
        name, reviewer = tidy_name(row["name"]), sign_change(row["reviewer"])
    except SetRefused as error:
        raise _refuse(number, str(error)) from error
    time = parse_time(row["time"])
    if time is None:
        raise _refuse(number, "its time is invalid, before 2000 or in the future")
    keys, notes = tuple(row["keys"]), tuple(row["notes"] or ())
    return NamedSet(row["id"], name, keys, reviewer, time, row["run_id"], notes)


def _find_fault(row: dict[str, Any]) -> str:
    for column, longest in (_TEXTS | _LISTS).items():
        texts = (row[column] or ()) if column in _LISTS else [row[column]]
        if any(len(text) > longest for text in texts):
            return f"its {column} are longer than {longest:,} characters"
        if not all((text or column == "notes") and is_storable(text) for text in texts):
            return f"its {column} hold invalid text"
    if row["notes"] and len(row["notes"]) != len(row["keys"]):
        return "it has another number of notes than of paintings"
    return "" if len(set(row["keys"])) == len(row["keys"]) else "a painting occurs twice in it"


def _refuse(number: int, found: str) -> SetRefused:
    return SetRefused(f"Line {number} is not a set", found=found, expected=", ".join(_FIELDS))
