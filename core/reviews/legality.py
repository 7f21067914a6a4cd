"""Conditions for adding an imported row to the log: its size, its time, and what it supersedes.
Rows recorded here meet them by construction (``core.reviews.log``); a file may hold anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from core.reviews.entry import MAX_NAME, MAX_NOTE, UNDONE, Entry

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
CLOCKS_DIFFER: Final = timedelta(hours=1)  # largest difference of two computers' clocks
# Characters of each text. Ids are as long as the database's columns.
LENGTHS: Final[Mapping[str, int]] = {
    "id": 64,
    "supersedes": 64,
    "key": 4096,
    "content_hash": 128,
    "task": 32,
    "verdict": 32,
    "given": 1024,
    "of_several": 1024,
    "settles": 3,
    "proposed": 1024,
    "note": MAX_NOTE,
    "reviewer": MAX_NAME,
    "run_id": 256,
    "model_hash": 128,
}
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
_NAMES: Final = {
    "content_hash": "fingerprint of the picture",
    "given": "given label",
    "proposed": "proposed label",
    "run_id": "run",
    "model_hash": "model",
}


def find_fault(entry: Entry, before: Entry | None, now: datetime) -> str:
    """Why ``entry`` may not enter the log; empty where it may. ``before``: what it supersedes."""
    return find_own_fault(entry, now) or _find_broken_link(entry, before)


def find_text_fault(column: str, text: str) -> str:
    """Why ``text`` is not allowed in ``column``; empty where it is."""
    if len(text) > LENGTHS[column]:
        return f"its {_name(column)} has more than {LENGTHS[column]:,} characters"
    if not is_storable(text):
        return f"its {_name(column)} holds an invalid character"
    return ""


def is_storable(text: str) -> bool:
    """No NUL, which PostgreSQL refuses, and no lone surrogate, which no database accepts."""
    return not _UNSTORABLE.search(text)


def is_possible(time: datetime, now: datetime) -> bool:
    """Whether a verdict can date from ``time``. One from the future would take precedence over all
    that its reviewer records until then.
    """
    return EARLIEST <= time <= now + CLOCKS_DIFFER


def parse_time(text: str) -> datetime | None:
    """The ISO time ``text``, in UTC where it names no other zone; None for an impossible one."""
    try:
        time = datetime.fromisoformat(text)
        aware = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return aware if is_possible(aware, datetime.now(UTC)) else None


def find_own_fault(entry: Entry, now: datetime) -> str:
    """``find_fault`` of the row alone, whatever it supersedes."""
    for column in LENGTHS:
        fault = find_text_fault(column, getattr(entry, column) or "")
        if fault:
            return fault
    if not is_possible(entry.time, now):
        return f"its time, {entry.time:%Y-%m-%d %H:%M} UTC, is before 2000 or in the future"
    if entry.verdict == UNDONE and entry.supersedes is None:
        return "it undoes a verdict but does not name it"
    return ""


def _find_broken_link(entry: Entry, before: Entry | None) -> str:
    """A row follows one earlier verdict of the same reviewer on the same painting and task.

    Rows are checked in time's order, so that links make no circle. Two rows may supersede one: two
    computers may have superseded it, and the later one is in force.
    """
    if entry.supersedes is None:
        return ""
    if entry.supersedes == entry.id:
        return "it supersedes itself"
    if before is None:
        return "it supersedes a verdict that is neither in the log nor in the import"
    place, earlier = (
        (each.reviewer, each.key, each.task, each.of_several) for each in (entry, before)
    )
    if place != earlier:
        whose = "another reviewer's verdict" if before.reviewer != entry.reviewer else ""
        return f"it supersedes {whose or 'a verdict on another painting or label'}"
    if before.verdict == UNDONE:
        return "it supersedes a row that only undid another"
    if entry.time < before.time:
        return "it is older than the verdict that it supersedes"
    return ""


def _name(column: str) -> str:
    return _NAMES.get(column, column)
