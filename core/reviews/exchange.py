"""Verdicts to a file and back: CSV, JSON Lines and Parquet, the whole log in one flat table."""

from __future__ import annotations

import io
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd

from core.export.spreadsheets import encode_csv
from core.reviews.entry import UNDONE, Entry
from core.reviews.errors import VerdictRefused
from core.reviews.legality import LENGTHS, find_fault, find_own_fault
from core.reviews.log import COLUMNS, ReviewLog, build_table, open_log, read_entries, read_entry
from core.reviews.origins import Origin
from core.reviews.urls import parse_url
from core.row_files.rows import COMMAND_LINE, UPLOAD, Limits, read_rows
from core.row_files.rows_child import Unreadable

STANDS: Final = "stands"  # exported for readers; recomputed from the rows on import
FAULT: Final = "fault"  # of a row that was read: why it is not a valid verdict
FORMATS: Final = ("csv", "jsonl", "parquet")
_LONGEST_TIME: Final = 64  # characters
_LONGEST_REASON: Final = 300
_LONGEST_SHOWN: Final = 120
_CHANGES: Final = [name for name in COLUMNS if name != "id"]


@dataclass(frozen=True)
class Conflict:
    """One thing to know before an import: a row that is left out, or one that meets another."""

    id: str
    key: str
    reason: str
    is_refused: bool


@dataclass(frozen=True)
class Import:
    """What an import would do: ``fresh`` rows are added, ``known`` are here already."""

    fresh: tuple[Entry, ...]
    known: int
    conflicts: tuple[Conflict, ...]


def export(log: ReviewLog, form: str) -> bytes:
    """The whole log as a file of one of ``FORMATS``, with ``stands`` for rows in force.

    In CSV an apostrophe precedes text that a spreadsheet would run; ``read_export`` removes it.
    """
    table = log.load_all()
    table[STANDS] = table["id"].isin(log.load_standing()["id"])
    if form == "parquet":
        buffer = io.BytesIO()
        table.to_parquet(buffer, index=False)
        return buffer.getvalue()
    table["time"] = table["time"].map(lambda time: time.isoformat()).astype("str")
    if form == "csv":
        return encode_csv(table)
    return table.to_json(orient="records", lines=True, force_ascii=False).encode()


def read_export(content: bytes, name: str, limits: Limits = UPLOAD) -> pd.DataFrame:
    """The rows of an export called ``name``, read in a process with ``limits``.

    An invalid row is kept, with its ``FAULT``; an invalid time is null. Raises ``VerdictRefused``
    for any other file.
    """
    form = Path(name).suffix.lower().removeprefix(".")
    shown = name[-80:]
    if form not in FORMATS:
        raise VerdictRefused(
            f"{shown} is not an export of verdicts", expected="a file .csv, .jsonl or .parquet"
        )
    lengths = {column: LENGTHS.get(column, _LONGEST_TIME) for column in COLUMNS}
    try:
        rows = read_rows(content, form, lengths, {}, limits)
    except Unreadable as error:
        found = f"line {error.line}: {error}" if error.line else str(error)
        raise VerdictRefused(f"{shown} cannot be read", found=found) from error
    missing = [column for column in COLUMNS if column not in rows.columns]
    if missing and (rows.cells or form != "jsonl"):  # an empty log has no lines, and no names
        raise VerdictRefused(
            f"{shown} is not an export of verdicts",
            found=f"no column {', '.join(missing)}",
            expected=", ".join(COLUMNS),
        )
    table = pd.DataFrame(rows.cells, columns=[*COLUMNS, FAULT], dtype="str")
    times = pd.to_datetime(table["time"], utc=True, format="ISO8601", errors="coerce")
    times = times.where(times.dt.year.between(1, 9999)).dt.as_unit("us")  # what Python can tell
    faults = table[FAULT].mask((table[FAULT] == "") & times.isna(), "its time is none")
    return table.assign(note=table["note"].fillna(""), time=times, **{FAULT: faults})


def plan_import(log: ReviewLog, table: pd.DataFrame) -> Import:
    """What importing ``table`` would do; changes nothing.

    Rows already in the log count as known. Refused are rows that are not valid verdicts, that
    differ from the row of their id, or that may not enter the log (``core.reviews.legality``). A
    verdict that differs from another reviewer's is added, and listed.
    """
    known = {entry.id: entry for entry in read_entries(log.load_all())}
    now = datetime.now(UTC)
    fresh: dict[str, Entry] = {}
    conflicts: list[Conflict] = []
    repeated = 0
    # Ordered by time, so that a row follows what it supersedes.
    for row in table.sort_values("time", kind="stable").to_dict("records"):
        entry, reason = _read(row)
        if entry is not None and entry.id in known:
            reason = "" if _same(entry, known[entry.id]) else "another verdict has this id here"
            repeated += not reason
        elif entry is not None and entry.id in fresh:
            reason = "its id occurs twice in the file"
        elif entry is not None:
            link = entry.supersedes or ""
            reason = find_fault(entry, known.get(link) or fresh.get(link), now)
            if not reason:
                fresh[entry.id] = entry
        if reason:
            shown = (_show(row["id"]), _show(row["key"]))
            conflicts.append(Conflict(*shown, _show(reason, _LONGEST_REASON), is_refused=True))
    conflicts += _meet(list(fresh.values()), log.load_standing())
    return Import(tuple(fresh.values()), repeated, tuple(conflicts))


def apply_import(log: ReviewLog, planned: Import, origin: Origin) -> int:
    """Adds the fresh rows of ``planned``, all or none, as ``origin``'s; returns how many.

    Raises ``VerdictRefused`` where one of them may no longer enter the log.
    """
    return log.add_as_they_are(planned.fresh, origin)


def load_standing(source: Path) -> pd.DataFrame:
    """Verdicts in force of an export, or of the SQLite database at ``source``.

    Raises ``ReviewsError`` or ``VerdictRefused``, and makes no database where there is none.
    """
    parse_url(str(source))  # a server's address is none, and not to be repeated
    if not source.is_file():
        raise VerdictRefused(
            f"There are no verdicts at {source}",
            expected="a database (reviews.sqlite) or an export (.csv, .jsonl, .parquet)",
        )
    if source.suffix.lower().removeprefix(".") not in FORMATS:
        with closing(open_log(source)) as log:
            return log.load_standing()
    table = read_export(source.read_bytes(), source.name, COMMAND_LINE)
    return select_standing(build_table(_require_verdicts(table, source)))


def select_standing(table: pd.DataFrame) -> pd.DataFrame:
    """The verdicts in force in a log, as in the database's view."""
    undone = table.loc[table["verdict"] == UNDONE, "supersedes"]
    rows = table[(table["verdict"] != UNDONE) & ~table["id"].isin(undone)]
    latest = rows.sort_values("time", kind="stable")
    latest = latest.drop_duplicates(["key", "task", "reviewer"], keep="last")
    return latest.sort_index().reset_index(drop=True)


def _read(row: dict[Any, Any]) -> tuple[Entry | None, str]:
    if fault := row.get(FAULT):
        return None, str(fault)
    try:
        return read_entry(row), ""
    except VerdictRefused as error:
        return None, str(error)
    except (TypeError, AttributeError):  # a required cell is empty
        return None, "a required cell is empty"


def _show(cell: object, longest: int = _LONGEST_SHOWN) -> str:
    """A cell of a refused row, which may hold anything, for display."""
    shown = str(cell)[:longest]
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in shown)


def _require_verdicts(table: pd.DataFrame, source: Path) -> list[Entry]:
    """All rows; raises ``VerdictRefused`` for an invalid one, or one from the future."""
    entries, now = [], datetime.now(UTC)
    for number, row in enumerate(table.to_dict("records"), start=1):
        entry, reason = _read(row)
        reason = reason or (find_own_fault(entry, now) if entry else "")
        if entry is None or reason:
            raise VerdictRefused(f"Row {number} of {source} is not a verdict", found=_show(reason))
        entries.append(entry)
    return entries


def _same(left: Entry, right: Entry) -> bool:
    return all(getattr(left, name) == getattr(right, name) for name in _CHANGES)


def _meet(fresh: list[Entry], standing: pd.DataFrame) -> list[Conflict]:
    """Fresh verdicts that differ from verdicts in force here."""
    here: dict[tuple[str, str], list[Entry]] = {}
    for entry in read_entries(standing):
        here.setdefault((entry.key, entry.task), []).append(entry)
    found = []
    for entry in fresh:
        for other in here.get((entry.key, entry.task), []):
            differs = (entry.verdict, entry.proposed) != (other.verdict, other.proposed)
            if entry.verdict != UNDONE and differs:
                reason = f"{entry.reviewer} says {entry.verdict}, {other.reviewer} {other.verdict}"
                found.append(Conflict(entry.id, entry.key, reason, is_refused=False))
    return found
