"""Verdicts to a file and back: CSV, JSON Lines and Parquet, the whole log in one flat table."""

from __future__ import annotations

import io
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pandas as pd

from core.collection.wording import list_some
from core.export.spreadsheets import encode_csv
from core.reviews.entry import UNDONE, Entry
from core.reviews.errors import VerdictRefused
from core.reviews.legality import LENGTHS, find_fault, find_own_fault
from core.reviews.log import (
    COLUMNS,
    LATER,
    ReviewLog,
    build_table,
    open_log,
    read_entries,
    read_entry,
)
from core.reviews.origins import Origin
from core.reviews.places import PLACE, find_places
from core.reviews.renamed import follow_renamed
from core.reviews.resaved import find_numbers, is_number, may_lack_zeros, read_times
from core.reviews.urls import parse_url
from core.row_files.rows import COMMAND_LINE, UPLOAD, Limits, read_rows
from core.row_files.rows_child import Unreadable

STANDS: Final = "stands"  # exported for readers; recomputed from the rows on import
FAULT: Final = "fault"  # of a row that was read: why it is not a valid verdict
# Of a row that a spreadsheet saved: why it cannot be told any more, what else was lost of it, and
# whether its time has no zone or no seconds.
LOST, DAMAGE, ROUNDED = "lost", "damage", "is_rounded"
_NAMED: Final = ["title", "artist"]  # exported for readers, of a run
FORMATS: Final = ("csv", "jsonl", "parquet")
_TEXT_SUFFIXES: Final = ("csv", "tsv", "tab", "txt")  # a spreadsheet's
SUFFIXES: Final = (*FORMATS, *_TEXT_SUFFIXES[1:])  # of files that are read
_SQLITE: Final = b"SQLite format 3\0"
_SPREADSHEETS: Final = ("xlsx", "xls", "xlsm", "ods", "numbers")
_SPARED: Final = ("supersedes", "content_hash", "model_hash", "run_id")  # what others can tell
_MINUTE: Final = timedelta(minutes=1)
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
    """What an import would do: ``fresh`` rows are added, ``known`` are here already. ``notes``: how
    the file was read.
    """

    fresh: tuple[Entry, ...]
    known: int
    conflicts: tuple[Conflict, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """``verdicts`` in force. ``notes``: what was left out of their file, and how it was read."""

    verdicts: pd.DataFrame
    notes: tuple[str, ...] = ()


def export(log: ReviewLog, form: str, paintings: pd.DataFrame | None = None) -> bytes:
    """The whole log as a file of one of ``FORMATS``, with ``stands`` for rows in force.

    ``paintings``: of a run, whose ``title`` and ``artist`` each row then has as well, null where it
    does not have the painting; ``read_export`` does not take them in. In CSV an apostrophe precedes
    text that a spreadsheet would run; ``read_export`` removes it.
    """
    table = log.load_all()
    table[STANDS] = table["id"].isin(log.load_standing()["id"])
    if paintings is not None:
        followed = follow_renamed(table, paintings).verdicts["key"]
        named = paintings.set_index("key")[_NAMED].reindex(followed)
        table[_NAMED] = named.astype("str").set_index(table.index)
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

    An invalid row is kept, with its ``FAULT``; an invalid time is null. So is a row that a
    spreadsheet saved, with what it lost (``core.reviews.resaved``). ``attrs["notes"]``: how the
    file was read. Raises ``VerdictRefused`` for any other file.
    """
    form = _find_form(name)
    shown = name[-80:]
    lengths = {column: LENGTHS.get(column, _LONGEST_TIME) for column in COLUMNS}
    try:
        rows = read_rows(content, form, lengths, {}, limits)
    except Unreadable as error:
        found = f"line {error.line}: {error}" if error.line else str(error)
        raise VerdictRefused(f"{shown} cannot be read", found=found) from error
    missing = [column for column in COLUMNS if column not in {*rows.columns, *LATER}]
    if missing and (rows.cells or form != "jsonl"):  # an empty log has no lines, and no names
        raise VerdictRefused(
            f"{shown} is not an export of verdicts",
            found=f"no column {', '.join(missing)}",
            expected=", ".join(COLUMNS),
        )
    table = pd.DataFrame(rows.cells, columns=[*COLUMNS, FAULT], dtype="str")
    times = read_times(table["time"])
    is_none = (table[FAULT] == "") & times.times.isna() & (times.doubts == "")
    numbered = find_numbers(table, ("id", "key"))
    damage = find_numbers(table, _SPARED)
    lacks_zeros = times.is_rounded & table["key"].map(may_lack_zeros).astype("bool")
    may_lack = "a spreadsheet may have dropped zeros before its painting's key: " + table["key"]
    read = table.assign(
        note=table["note"].fillna(""),
        time=times.times,
        **{
            FAULT: table[FAULT].mask(is_none, "its time is none"),
            LOST: numbered.where(numbered != "", times.doubts),
            DAMAGE: damage.mask((damage == "") & lacks_zeros, may_lack),
            ROUNDED: times.is_rounded,
        },
    )
    read.attrs["notes"] = tuple(note for note in (*rows.notes, times.note) if note)
    return read


def _find_form(name: str) -> str:
    """How a file called ``name`` is read; raises ``VerdictRefused``."""
    suffix = Path(name).suffix.lower().removeprefix(".")
    form = "csv" if suffix in _TEXT_SUFFIXES else suffix
    if form in FORMATS:
        return form
    raise VerdictRefused(
        f"{name[-80:]} is not an export of verdicts",
        expected="a file .csv, .jsonl or .parquet",
        remedy="Take the export as it was downloaded, or save the spreadsheet as CSV UTF-8."
        if suffix in _SPREADSHEETS
        else "",
    )


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
            is_same = _is_same(row, entry, known[entry.id])
            reason = "" if is_same else "another verdict has this id here"
            repeated += not reason
        elif entry is not None and row.get(DAMAGE):
            reason = str(row[DAMAGE])
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
    notes = table.attrs.get("notes", ())
    return Import(tuple(fresh.values()), repeated, tuple(conflicts), notes)


def apply_import(log: ReviewLog, planned: Import, origin: Origin) -> int:
    """Adds the fresh rows of ``planned``, all or none, as ``origin``'s; returns how many.

    Raises ``VerdictRefused`` where one of them may no longer enter the log.
    """
    return log.add_as_they_are(planned.fresh, origin)


def load_standing(source: Path) -> Standing:
    """Verdicts in force of an export, or of the SQLite database at ``source``.

    Of an export that a spreadsheet saved, rows that cannot be told any more are left out, with the
    reviewer's others on the same label: which of them is in force cannot be told either. Raises
    ``ReviewsError`` or ``VerdictRefused``, and makes no database where there is none.
    """
    parse_url(str(source))  # a server's address is none, and not to be repeated
    if not source.is_file():
        raise VerdictRefused(
            f"There are no verdicts at {source}",
            expected="a database (reviews.sqlite) or an export (.csv, .jsonl, .parquet)",
        )
    if _is_database(source):
        with closing(open_log(source)) as log:
            return Standing(log.load_standing())
    table = read_export(source.read_bytes(), source.name, COMMAND_LINE)
    lost = table[table[LOST] != ""]
    sound = table[table[LOST] == ""]
    links = sound[(sound["verdict"] == UNDONE) & find_numbers(sound, ("supersedes",)).ne("")]
    if len(links) or (len(lost) and not len(sound)):
        first = (links if len(links) else lost).iloc[0]
        raise VerdictRefused(
            f"Row {int(str(first.name)) + 1} of {source} cannot be told any more",
            found=first[DAMAGE] if len(links) else first[LOST],
            remedy="Take the export as it was downloaded, not as a spreadsheet saved it.",
        )
    entries = build_table(_require_verdicts(sound, source))
    of_whom, lost_of = (_name_whose(each) for each in (entries, lost))
    is_doubtful = of_whom.isin(lost_of)
    notes = [*table.attrs["notes"], *_tell_lost(lost, int(is_doubtful.sum()))]
    return Standing(select_standing(entries[~is_doubtful]), tuple(notes))


def _name_whose(rows: pd.DataFrame) -> pd.MultiIndex:
    """(n,) places of ``rows`` and their reviewers."""
    return pd.MultiIndex.from_frame(find_places(rows).assign(reviewer=rows["reviewer"]))


def _is_database(source: Path) -> bool:
    """By its first bytes, or by its name: what begins otherwise is then a broken one."""
    with source.open("rb") as file:
        if file.read(len(_SQLITE)) == _SQLITE:
            return True
    known = (*FORMATS, *_TEXT_SUFFIXES, *_SPREADSHEETS)
    return source.suffix.lower().removeprefix(".") not in known


def _tell_lost(lost: pd.DataFrame, others: int) -> list[str]:
    if lost.empty:
        return []
    rows = [f"row {int(str(row)) + 1}, {_show(reason)}" for row, reason in lost[LOST].items()]
    said = f"Left out of the verdicts, {len(lost):,}: {list_some(rows, 3)}"
    if others:
        said += f"; and {others:,} by the same reviewers on the same labels"
    return [f"{said}. Take the export as it was downloaded, not as a spreadsheet saved it."]


def select_standing(table: pd.DataFrame) -> pd.DataFrame:
    """The verdicts in force in a log, as in the database's view."""
    undone = table.loc[table["verdict"] == UNDONE, "supersedes"]
    rows = table[(table["verdict"] != UNDONE) & ~table["id"].isin(undone)]
    latest = rows.sort_values("time", kind="stable")
    latest = latest.drop_duplicates([*PLACE, "reviewer"], keep="last")
    return latest.sort_index().reset_index(drop=True)


def _read(row: dict[Any, Any]) -> tuple[Entry | None, str]:
    if fault := row.get(FAULT) or row.get(LOST):
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
    for number, row in zip(table.index, table.to_dict("records"), strict=True):
        entry, reason = _read(row)
        reason = reason or (find_own_fault(entry, now) if entry else "")
        if entry is None or reason:
            raise VerdictRefused(
                f"Row {number + 1} of {source} is not a verdict", found=_show(reason)
            )
        entries.append(entry)
    return entries


def _is_same(row: dict[Any, Any], entry: Entry, known: Entry) -> bool:
    """Whether a row is the ``known`` one, as far as a spreadsheet left of it what it was."""
    damaged = {name for name in _SPARED if row.get(DAMAGE) and is_number(name, row[name])}
    if row.get(ROUNDED):
        if abs(entry.time - known.time) < _MINUTE:
            damaged.add("time")
        if row[DAMAGE] and entry.key == known.key.lstrip("0"):
            damaged.add("key")
    return all(getattr(entry, n) == getattr(known, n) for n in _CHANGES if n not in damaged)


def _meet(fresh: list[Entry], standing: pd.DataFrame) -> list[Conflict]:
    """Fresh verdicts that differ from verdicts in force here."""
    here: dict[tuple[str, str, str | None], list[Entry]] = {}
    for entry in read_entries(standing):
        here.setdefault((entry.key, entry.task, entry.of_several), []).append(entry)
    found = []
    for entry in fresh:
        for other in here.get((entry.key, entry.task, entry.of_several), []):
            differs = (entry.verdict, entry.proposed) != (other.verdict, other.proposed)
            if entry.verdict != UNDONE and differs:
                reason = f"{entry.reviewer} says {entry.verdict}, {other.reviewer} {other.verdict}"
                found.append(Conflict(entry.id, entry.key, reason, is_refused=False))
    return found
