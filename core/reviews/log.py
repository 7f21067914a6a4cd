"""The log of verdicts: rows are added, never changed; a view shows the verdicts in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid4, uuid5

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    insert,
    inspect,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from core.reviews.database import (
    BUSY_SECONDS,
    Stamp,
    connect,
    connect_read_only,
    describe,
    read_stamp,
    read_stamps,
    reading,
    select_among,
    writing,
)
from core.reviews.entry import UNDONE, Entry
from core.reviews.errors import ReviewsReadOnly, VerdictRefused
from core.reviews.legality import find_fault
from core.reviews.origins import Origin, add_origin, find_origins
from core.reviews.reviewers import canonical_reviewer
from core.reviews.sets import SetLog
from core.reviews.sign_outs import SignOuts
from core.reviews.tables import IMPORTED_ROWS, LOG, SET_LOG, STANDING, WORKLIST_LOG
from core.reviews.turn import Turn, form_queue
from core.reviews.urls import parse_url
from core.reviews.worklists import WorklistLog

COLUMNS: Final = tuple(field.name for field in fields(Entry))
LATER: Final = frozenset(("of_several", "settles"))  # columns that older databases and exports lack
_TICK: Final = timedelta(microseconds=1)


class ReviewLog:
    """Verdicts of all reviewers, their ``sets`` and ``worklists``. Safe to share between threads.

    Tables returned have the columns ``COLUMNS`` in the order of arrival, ``time`` in UTC.
    """

    def __init__(self, engine: Engine, trouble: ReviewsReadOnly | None = None) -> None:
        self._engine, self.trouble = engine, trouble
        # SQLite allows one writer at a time and keeps no queue: threads queue here.
        is_file = engine.dialect.name == "sqlite"
        self._turn: Turn = form_queue(BUSY_SECONDS) if is_file else nullcontext
        self.sets = SetLog(engine, self._turn, trouble)
        self.worklists = WorklistLog(engine, self._turn, trouble)
        self.sign_outs = SignOuts(engine, self._turn, trouble)

    @property
    def place(self) -> str:
        """Where the verdicts are kept, passwords left out."""
        return describe(self._engine)

    def record(self, entries: Sequence[Entry]) -> list[Entry]:
        """Adds ``entries``, all or none; they are on the disk when this returns.

        Each supersedes its reviewer's standing verdict on the same label. An existing id is
        skipped, so that a call may be repeated, even while the first is still in progress
        elsewhere. Returns what was added.
        """
        if self.trouble:
            raise self.trouble
        with self._turn(), writing(self._engine) as connection:
            ids = [entry.id for entry in entries]
            known = {entry.id for entry in _take(connection, select(LOG), LOG.c.id, ids)}
            fresh = list({e.id: e for e in entries if e.id not in known}.values())
            linked = _link(fresh, _take(connection, select(STANDING), STANDING.c.key, _keys(fresh)))
            return _add(connection, linked)

    def add_as_they_are(self, entries: Sequence[Entry], origin: Origin) -> int:
        """Adds rows of another log, links and times included, all or none; returns how many.

        Existing rows are skipped. Raises ``VerdictRefused`` for one that may not
        enter the log (``core.reviews.legality``); ``entries`` are in time's order.
        """
        if self.trouble:
            raise self.trouble
        named = {name for entry in entries for name in (entry.id, entry.supersedes) if name}
        with self._turn(), writing(self._engine) as connection:
            here = _take(connection, select(LOG), LOG.c.id, sorted(named))
            known = {entry.id: entry for entry in here}
            fresh = _require_legal(entries, known)
            if fresh:
                connection.execute(insert(LOG), [asdict(entry) for entry in fresh])
                add_origin(connection, origin, "verdict", [entry.id for entry in fresh])
        return len(fresh)

    def find_origins(self, ids: Iterable[str]) -> dict[str, Origin]:
        """Of those rows ``ids`` that were imported: importer, time and file."""
        if self.trouble and not inspect(self._engine).has_table(IMPORTED_ROWS.name):
            return {}  # an older database that cannot be written
        with reading(self._engine) as connection:
            return find_origins(connection, "verdict", ids)

    def undo(self, reviewer: str, count: int = 1) -> list[Entry]:
        """Undoes the reviewer's last ``count`` verdicts, latest first; returns them."""
        return self.take_back(reviewer, [entry.id for entry in self.load_latest(reviewer, count)])

    def take_back(self, reviewer: str, ids: Sequence[str]) -> list[Entry]:
        """Undoes those verdicts of ``ids`` that are the reviewer's; returns them, latest first.

        Each is a new row: the verdict before it, if any, is in force again. Verdicts already undone
        are skipped, so that a call may be repeated.
        """
        if self.trouble:
            raise self.trouble
        with self._turn(), writing(self._engine) as connection:
            found = _take(connection, _select_kept(reviewer), LOG.c.id, ids)
            added = {row.supersedes for row in _take_all_back(connection, found)}
        return [entry for entry in found if entry.id in added]

    def load_latest(self, reviewer: str, count: int) -> list[Entry]:
        """The reviewer's last ``count`` verdicts that were not taken back, latest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(_select_kept(reviewer).limit(count)).mappings().all()
        return [read_entry(row) for row in rows]

    def stamp(self) -> Stamp:
        """Another one after every change."""
        with reading(self._engine) as connection:
            return read_stamp(connection, LOG)

    def stamps(self) -> tuple[Stamp, ...]:
        """``stamp`` of the verdicts, of the sets and of the worklists, in one question."""
        if not (self.sets.is_there and self.worklists.is_there):
            return self.stamp(), self.sets.stamp(), self.worklists.stamp()
        with reading(self._engine) as connection:
            return read_stamps(connection, LOG, SET_LOG, WORKLIST_LOG)

    def load_all(self) -> pd.DataFrame:
        """Every row of the log, undone and superseded ones too."""
        with reading(self._engine) as connection:
            return _read_table(connection, self._select(connection, LOG))

    def load_standing(self) -> pd.DataFrame:
        """The verdicts in force: a row for each label and reviewer who judged it."""
        with reading(self._engine) as connection:
            return _read_table(connection, self._select(connection, STANDING))

    def load_history(self, key: str, content_hash: str | None = None) -> pd.DataFrame:
        """Every row on the painting ``key``, and on the file ``content_hash`` under other keys."""
        is_meant = (LOG.c.key == key) | (LOG.c.content_hash == content_hash)
        with reading(self._engine) as connection:
            return _read_table(connection, self._select(connection, LOG).where(is_meant))

    def _select(self, connection: Connection, table: Table) -> Select[Any]:
        """Every row of ``table`` in the order of arrival; an older database, which cannot be
        written, lacks ``LATER``.
        """
        query = select(table)
        if self.trouble:
            here = {column["name"] for column in inspect(connection).get_columns(table.name)}
            missing = LATER - here
            query = select(
                *(literal(None).label(c.name) if c.name in missing else c for c in table.columns)
            )
        return query.order_by(table.c.number)

    def check(self) -> None:
        """Raises ``ReviewsError`` when the database does not answer."""
        self.stamp()

    def close(self) -> None:
        self._engine.dispose()


def open_log(where: str | Path) -> ReviewLog:
    """The log at ``where``: a path, made where there is none, or a PostgreSQL URL.

    One that cannot be written opens for reading, its ``trouble`` says why. Raises
    ``ReviewsError``.
    """
    try:
        return ReviewLog(connect(where))
    except ReviewsReadOnly as trouble:
        if parse_url(where).get_backend_name() != "sqlite":
            raise
        return ReviewLog(connect_read_only(where), trouble)


def read_entries(table: pd.DataFrame) -> list[Entry]:
    """Rows of a table with the columns ``COLUMNS`` as entries; raises ``VerdictRefused``."""
    return [read_entry(row) for row in table[list(COLUMNS)].to_dict("records")]


def build_table(entries: Iterable[Entry]) -> pd.DataFrame:
    """Entries as a table with the columns ``COLUMNS``."""
    return _type_table(pd.DataFrame([asdict(entry) for entry in entries], columns=list(COLUMNS)))


def _select_kept(reviewer: str) -> Select[Any]:
    """A reviewer's verdicts that were not taken back, the latest first."""
    undone = select(LOG.c.supersedes).where(LOG.c.verdict == UNDONE, LOG.c.supersedes.is_not(None))
    return (
        select(LOG)
        .where(
            LOG.c.reviewer == canonical_reviewer(reviewer),
            LOG.c.verdict != UNDONE,
            LOG.c.id.not_in(undone),
        )
        .order_by(LOG.c.number.desc())
    )


def _add(connection: Connection, entries: list[Entry]) -> list[Entry]:
    """Writes ``entries``, except those whose id another writer has just written.

    The constraint on ``id`` decides, not a check beforehand: in PostgreSQL two transactions may
    check at once.
    """
    if not entries:
        return []
    kind = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = kind.insert(LOG).on_conflict_do_nothing(index_elements=[LOG.c.id])
    rows = [asdict(entry) for entry in entries]
    added = set(connection.execute(statement.returning(LOG.c.id), rows).scalars())
    return [entry for entry in entries if entry.id in added]


def _link(entries: list[Entry], standing: list[Entry]) -> list[Entry]:
    """Entries with ``supersedes``, and a time after the superseded one's, whatever the clock."""
    last = {(e.key, e.task, e.of_several, e.reviewer): e for e in standing}
    linked = []
    for entry in entries:
        place = (entry.key, entry.task, entry.of_several, entry.reviewer)
        if before := last.get(place):
            time = max(entry.time, before.time + _TICK)
            entry = replace(entry, supersedes=before.id, time=time)
        last[place] = entry
        linked.append(entry)
    return linked


def _require_legal(entries: Iterable[Entry], known: dict[str, Entry]) -> list[Entry]:
    """Those of ``entries`` that are not known, if all of them may enter the log."""
    now = datetime.now(UTC)
    seen = dict(known)
    fresh = []
    for entry in entries:
        if entry.id in known:
            continue
        fault = find_fault(entry, seen.get(entry.supersedes or ""), now)
        if fault or entry.id in seen:
            raise VerdictRefused(
                f"The verdict on {entry.key[:120]} cannot be imported",
                found=fault or "its id occurs twice",
            )
        seen[entry.id] = entry
        fresh.append(entry)
    return fresh


def _take_all_back(connection: Connection, entries: list[Entry]) -> list[Entry]:
    """Adds the rows that take ``entries`` back; returns those that were not there before.

    Browsers and files choose ids: one of somebody else's may be what such a row would be called.
    """
    rows = [_take_back(entry) for entry in entries]
    added = _add(connection, rows)
    here = _take(connection, select(LOG), LOG.c.id, [row.id for row in rows])
    before = {each.id: each for each in here}
    blocked = [
        replace(row, id=uuid4().hex)
        for row in rows
        if row.id in before and before[row.id].supersedes != row.supersedes
    ]
    return added + _add(connection, blocked)


def _take_back(entry: Entry) -> Entry:
    """The row that undoes ``entry``; its id is derived, so there is at most one."""
    fresh = Entry(
        id=uuid5(NAMESPACE_OID, f"{entry.id} {UNDONE}").hex,
        key=entry.key,
        content_hash=entry.content_hash,
        task=entry.task,
        given=entry.given,
        verdict=UNDONE,
        reviewer=entry.reviewer,
        run_id=entry.run_id,
        model_hash=entry.model_hash,
        supersedes=entry.id,
        of_several=entry.of_several,
    )
    return replace(fresh, time=max(fresh.time, entry.time + _TICK))


def _keys(entries: Iterable[Entry]) -> list[str]:
    return list(dict.fromkeys(entry.key for entry in entries))


def _take(
    connection: Connection, query: Select[Any], column: ColumnElement[str], values: Sequence[str]
) -> list[Entry]:
    """Entries of ``query`` whose ``column`` is one of ``values``."""
    return [read_entry(row) for row in select_among(connection, query, column, values)]


def _read_table(connection: Connection, query: Any) -> pd.DataFrame:
    rows = connection.execute(query).mappings().all()
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    return _type_table(pd.DataFrame(columns, columns=list(COLUMNS)))


def _type_table(table: pd.DataFrame) -> pd.DataFrame:
    texts = {name: "str" for name in COLUMNS if name != "time"}
    return table.astype(texts).assign(time=pd.to_datetime(table["time"], utc=True))


def read_entry(row: Any) -> Entry:
    """A row with the columns ``COLUMNS`` as an entry; raises ``VerdictRefused``."""
    values: dict[str, Any] = {name: None if pd.isna(row[name]) else row[name] for name in COLUMNS}
    values["note"] = values["note"] or ""
    if isinstance(values["time"], pd.Timestamp):
        values["time"] = values["time"].to_pydatetime()
    return Entry(**values)
