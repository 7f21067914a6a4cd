"""Sets to a file and back: JSON Lines, a set a line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from core.reviews.errors import SetRefused
from core.reviews.sets import NamedSet, SetLog

_FIELDS = {field.name for field in fields(NamedSet)}


def export_sets(sets: Sequence[NamedSet]) -> bytes:
    """``sets`` as a file."""
    rows = (asdict(each) | {"time": each.time.isoformat()} for each in sets)
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()


def is_set_file(content: bytes) -> bool:
    """Whether ``content`` is what ``export_sets`` wrote, and no log of verdicts."""
    first = content.split(b"\n", 1)[0]
    try:
        row = json.loads(first)
    except ValueError:
        return False
    return isinstance(row, dict) and "keys" in row


def read_sets(content: bytes) -> tuple[NamedSet, ...]:
    """The sets of a file; raises ``SetRefused``, naming the line, for what is none."""
    lines = [line for line in content.decode("utf-8", "replace").splitlines() if line.strip()]
    return tuple(_read(number, line) for number, line in enumerate(lines, start=1))


def find_fresh(log: SetLog, sets: Sequence[NamedSet]) -> tuple[NamedSet, ...]:
    """Those of ``sets`` that are not in ``log``."""
    here = {each.id for each in log.load()}
    return tuple(each for each in sets if each.id not in here)


def restore_sets(log: SetLog, sets: Sequence[NamedSet]) -> tuple[NamedSet, ...]:
    """Adds those of ``sets`` that are not here, names and makers kept; returns them.

    Raises ``SetRefused`` where a name is another set's here; then none is added.
    """
    fresh = find_fresh(log, sets)
    log.add_as_they_are(fresh)
    return fresh


def _read(number: int, line: str) -> NamedSet:
    try:
        row: dict[str, Any] = json.loads(line)
        values = {name: row[name] for name in _FIELDS}
        values |= {"keys": tuple(map(str, row["keys"]))}
        return NamedSet(**values | {"time": datetime.fromisoformat(row["time"])})
    except (ValueError, TypeError, KeyError) as error:
        raise SetRefused(
            f"Line {number} is no set", found=repr(error)[:200], expected=", ".join(sorted(_FIELDS))
        ) from error
