"""Verdicts to a file and back: CSV, JSON Lines and Parquet, the whole log in one flat table."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from core.export.spreadsheets import encode_csv, unescape_formulas
from core.reviews.entry import UNDONE, Entry
from core.reviews.errors import VerdictRefused
from core.reviews.log import COLUMNS, ReviewLog, build_table, open_log, read_entries

STANDS: Final = "stands"  # exported for people; the rows themselves say it on import
FORMATS: Final = ("csv", "jsonl", "parquet")
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

    In CSV an apostrophe stands before what a spreadsheet would run; ``read_export`` takes it away.
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


def read_export(content: bytes, name: str) -> pd.DataFrame:
    """The rows of an export called ``name``; raises ``VerdictRefused`` for any other file."""
    form = Path(name).suffix.lower().removeprefix(".")
    try:
        table = _READERS[form](io.BytesIO(content))
    except KeyError as error:
        raise VerdictRefused(
            f"{name} is no export of verdicts", expected="a file .csv, .jsonl or .parquet"
        ) from error
    except (ValueError, pa.ArrowException) as error:
        raise VerdictRefused(f"{name} cannot be read", found=str(error)[:200]) from error
    missing = [column for column in COLUMNS if column not in table]
    if missing:
        raise VerdictRefused(
            f"{name} is no export of verdicts",
            found=f"no column {', '.join(missing)}",
            expected=", ".join(COLUMNS),
        )
    table = table[list(COLUMNS)].assign(note=table["note"].fillna(""))
    try:
        return table.assign(time=pd.to_datetime(table["time"], utc=True, format="ISO8601"))
    except (ValueError, TypeError) as error:
        raise VerdictRefused(f"{name} holds a time that is none", found=str(error)[:200]) from error


def plan_import(log: ReviewLog, table: pd.DataFrame) -> Import:
    """What importing ``table`` would do; changes nothing.

    Rows that are here already count as known. Refused are rows that are no verdict, that differ
    from the row of their id, or that supersede what is in neither place. A verdict that differs
    from another reviewer's is added, and listed.
    """
    here = log.load_all()
    known = {entry.id: entry for entry in read_entries(here)}
    standing = log.load_standing()
    fresh: dict[str, Entry] = {}
    conflicts: list[Conflict] = []
    repeated = 0
    # In time's order, so that a row comes after what it supersedes.
    for row in table.sort_values("time", kind="stable").to_dict("records"):
        entry, reason = _read(row)
        if entry is not None and entry.id in known:
            reason = "" if _same(entry, known[entry.id]) else "another verdict has this id here"
            repeated += not reason
        elif entry is not None and entry.id in fresh:
            reason = "its id occurs twice in the file"
        elif entry is not None and not _is_linked(entry, known, fresh):
            reason = "it supersedes a verdict that is neither here nor taken in"
        elif entry is not None:
            fresh[entry.id] = entry
        if reason:
            conflicts.append(Conflict(str(row["id"]), str(row["key"]), reason, is_refused=True))
    conflicts += _meet(list(fresh.values()), standing)
    return Import(tuple(fresh.values()), repeated, tuple(conflicts))


def apply_import(log: ReviewLog, planned: Import) -> int:
    """Adds the fresh rows of ``planned``, all or none; returns how many."""
    log.add_as_they_are(planned.fresh)
    return len(planned.fresh)


def load_standing(source: Path) -> pd.DataFrame:
    """Verdicts in force of an export, or of the SQLite database at ``source``.

    Raises ``ReviewsError`` or ``VerdictRefused``, and makes no database where there is none.
    """
    if not source.is_file():
        raise VerdictRefused(
            f"There are no verdicts at {source}",
            expected="a database (reviews.sqlite) or an export (.csv, .jsonl, .parquet)",
        )
    if source.suffix.lower().removeprefix(".") not in FORMATS:
        with closing(open_log(source)) as log:
            return log.load_standing()
    return select_standing(build_table(read_entries(read_export(source.read_bytes(), source.name))))


def select_standing(table: pd.DataFrame) -> pd.DataFrame:
    """What stands of a log: the same as the database's view."""
    undone = table.loc[table["verdict"] == UNDONE, "supersedes"]
    rows = table[(table["verdict"] != UNDONE) & ~table["id"].isin(undone)]
    latest = rows.sort_values("time", kind="stable")
    latest = latest.drop_duplicates(["key", "task", "reviewer"], keep="last")
    return latest.sort_index().reset_index(drop=True)


def _read(row: dict[Any, Any]) -> tuple[Entry | None, str]:
    try:
        return read_entries(pd.DataFrame([row]))[0], ""
    except (VerdictRefused, TypeError, AttributeError) as error:
        return None, str(error)


def _same(left: Entry, right: Entry) -> bool:
    return all(getattr(left, name) == getattr(right, name) for name in _CHANGES)


def _meet(fresh: list[Entry], standing: pd.DataFrame) -> list[Conflict]:
    """Fresh verdicts beside ones that stand here and say something else."""
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


def _is_linked(entry: Entry, known: dict[str, Entry], fresh: dict[str, Entry]) -> bool:
    link = entry.supersedes
    return link is None or link in known or link in fresh


def _read_csv(content: io.BytesIO) -> pd.DataFrame:
    table = pd.read_csv(content, dtype="str", keep_default_na=False, na_values=[""])
    return unescape_formulas(table)


def _read_lines(content: io.BytesIO) -> pd.DataFrame:
    rows = [json.loads(line) for line in content.read().splitlines() if line.strip()]
    return pd.DataFrame(rows, columns=None if rows else list(COLUMNS))


_READERS: Final[dict[str, Callable[[io.BytesIO], pd.DataFrame]]] = {
    "csv": _read_csv,
    "jsonl": _read_lines,
    "parquet": pd.read_parquet,
}
