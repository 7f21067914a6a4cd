"""The database of verdicts: SQLite, without setup, or PostgreSQL by its URL."""

from __future__ import annotations

import os
import random
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Select,
    Table,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError, NoSuchModuleError

from core.reviews.errors import ReviewsError, ReviewsNewer, ReviewsReadOnly
from core.reviews.urls import describe_url, hide_secrets, parse_url

BUSY_SECONDS: Final = 20.0  # how long a writer waits for another
POLL_SECONDS: Final = (0.001, 0.004)  # and how often it retries, at random
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO  # permissions of everyone but the owner
MIGRATION_LOCK: Final = 7_263_514  # PostgreSQL: two servers that start at once migrate in turn
_CHUNK: Final = 400  # values a query, well under what SQLite takes
_WRITES: Final = "artextract_writes"

Stamp = tuple[int, int]


def connect(where: str | Path) -> Engine:
    """An engine for the database at ``where``, a path (SQLite) or a URL, at the newest schema.

    Raises ``ReviewsNewer`` for a newer schema, ``ReviewsReadOnly`` where an older one cannot be
    upgraded, ``ReviewsError`` for anything that is not a database or cannot be reached.
    """
    url = parse_url(where)
    is_file = url.get_backend_name() == "sqlite"
    return _prove(_connect_sqlite(url) if is_file else _connect_postgres(url), migrate)


def connect_read_only(where: str | Path) -> Engine:
    """An engine that only reads a SQLite file on a disk that cannot be written."""
    path = Path(str(parse_url(where).database)).resolve()
    query = {"uri": "true", "mode": "ro"}
    if not _has_log(path):
        # Without write access a write-ahead log has no shared memory: open the file as it is.
        query["immutable"] = "1"
    engine = create_engine(URL.create("sqlite", database=path.as_uri(), query=query))
    return _prove(engine, _require_known)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: committed, and on the disk, when the body has ended."""
    with explain(engine), engine.execution_options(**{_WRITES: True}).begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads."""
    with explain(engine), engine.connect() as connection:
        yield connection


def read_stamp(connection: Connection, table: Table) -> Stamp:
    """The highest number of a log and its length: transactions may commit out of order."""
    highest, length = connection.execute(select(func.max(table.c.number), func.count())).one()
    return int(highest or 0), int(length)


def read_stamps(connection: Connection, *tables: Table) -> tuple[Stamp, ...]:
    """``read_stamp`` of several logs in one statement."""
    parts = [
        select(part).select_from(table).scalar_subquery()
        for table in tables
        for part in (func.max(table.c.number), func.count())
    ]
    told = connection.execute(select(*parts)).one()
    ends, lengths = told[::2], told[1::2]
    return tuple((int(e or 0), int(n)) for e, n in zip(ends, lengths, strict=True))


def select_among(
    connection: Connection, query: Select[Any], column: ColumnElement[str], values: Sequence[str]
) -> Iterator[RowMapping]:
    """Rows of ``query`` whose ``column`` is one of ``values``, in the order of the query within
    each chunk of ``values``.
    """
    for at in range(0, len(values), _CHUNK):
        chosen = query.where(column.in_(values[at : at + _CHUNK]))
        yield from connection.execute(chosen).mappings()


def describe(engine: Engine) -> str:
    """Location of the verdicts, without passwords."""
    return describe_url(engine.url)


@contextmanager
def explain(engine: Engine) -> Iterator[None]:
    """Turns database errors into errors that a curator can act on."""
    try:
        yield
    except DBAPIError as error:
        said = str(error)
        # Messages that repeat a password are kept out of tracebacks too.
        cause = error if hide_secrets(said, engine.url) == said else None
        raise _translate(error, engine) from cause


def migrate(engine: Engine) -> None:
    """Upgrades the database to the newest schema, one server at a time."""
    if _require_known(engine):
        return
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        config = _build_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _prove(engine: Engine, check: Callable[[Engine], object]) -> Engine:
    """``engine`` if it passes ``check``; closes it otherwise."""
    try:
        check(engine)
    except ReviewsError:
        engine.dispose()
        raise
    return engine


def _require_known(engine: Engine) -> bool:
    """Whether the schema is the newest; raises ``ReviewsNewer`` for an unknown one."""
    script = ScriptDirectory.from_config(_build_config())
    with reading(engine) as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {step.revision for step in script.walk_revisions()}:
        raise ReviewsNewer(
            f"{describe(engine)} was written by a newer version of this program",
            found=f"schema {current}",
            expected=f"schema {script.get_current_head()}",
            remedy="Update this program. Until then, paintings can be browsed without verdicts.",
        )
    return current == script.get_current_head()


def _build_config() -> Config:
    config = Config()
    folder = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", folder.replace("%", "%%"))  # it fills in %(names)s
    return config


def _connect_sqlite(url: URL) -> Engine:
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReviewsError(
            f"{path.parent} cannot be created", found=error.strerror or str(error)
        ) from error
    _keep_private(path)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _has_log(path: Path) -> bool:
    """Whether verdicts lie beside the file, in a write-ahead log that was not merged yet."""
    log = path.with_name(f"{path.name}-wal")
    return log.is_file() and log.stat().st_size > 0


def _keep_private(path: Path) -> None:
    """Creates the file if missing, readable by its owner only. SQLite gives its companion files the
    same permissions. Permissions of a file with another owner are not changed.
    """
    if str(path) == ":memory:":
        return
    with suppress(OSError):  # SQLite says what is in the way
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    for name in ("", "-wal", "-shm"):
        each = path.with_name(path.name + name)
        with suppress(OSError):
            mode = stat.S_IMODE(each.stat().st_mode)
            if mode & OTHERS:
                each.chmod(mode & ~OTHERS)


def _set_up_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        if not _insist(connection, f"PRAGMA {pragma}"):
            connection.execute(f"PRAGMA {pragma}")  # says what is in the way


def _begin_sqlite(connection: Connection) -> None:
    if not connection.get_execution_options().get(_WRITES):
        connection.exec_driver_sql("BEGIN DEFERRED")
    elif not _insist(connection.connection.dbapi_connection, "BEGIN IMMEDIATE"):
        # Immediately, since a transaction that reads first may fail to upgrade to a write lock.
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # says what is in the way


def _insist(connection: Any, statement: str) -> bool:
    """Executes ``statement`` once SQLite's file is unlocked; False where it fails. SQLite's own
    busy handler polls only every 100 ms in the end, while a process that writes row after row
    leaves gaps of a millisecond: of four such processes, one could miss every gap for 20 s. Nor
    does it wait when the journal mode changes, as several servers do when they start together.
    Polling more often avoids both.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while time.monotonic() < deadline:
            try:
                connection.execute(statement)
            except sqlite3.OperationalError as error:
                if not error.sqlite_errorname.startswith("SQLITE_BUSY"):
                    return False
                time.sleep(random.uniform(*POLL_SECONDS))
            else:
                return True
    finally:
        connection.execute(f"PRAGMA busy_timeout = {round(1000 * BUSY_SECONDS)}")
    return False


def _connect_postgres(url: URL) -> Engine:
    try:
        return create_engine(
            url, pool_pre_ping=True, connect_args={"connect_timeout": int(BUSY_SECONDS)}
        )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise ReviewsError(
            "PostgreSQL needs a driver that is not installed",
            found=str(error),
            remedy='Install it: pip install "psycopg[binary]"',
        ) from error


def _translate(error: DBAPIError, engine: Engine) -> ReviewsError:
    """The error message for a code of SQLite or PostgreSQL."""
    where = describe(engine)
    code = str(getattr(error.orig, "sqlite_errorname", "") or getattr(error.orig, "sqlstate", ""))
    lines = str(error.orig).strip().splitlines()
    said = hide_secrets(lines[0], engine.url) if lines else code
    if code.startswith("SQLITE_READONLY") or code == "25006":
        return ReviewsReadOnly(
            f"Verdicts cannot be recorded in {where}",
            found="a database that is read-only",
            remedy="Browsing still works. Give the server write permission there.",
        )
    if code.startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE")) or code == "53100":
        return ReviewsError(
            f"The disk of {where} is full; the verdict was not recorded",
            remedy="Free some space and record it again. All earlier verdicts are kept.",
        )
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or code in ("55P03", "40P01"):
        return ReviewsError(
            f"{where} is locked by another program; the verdict was not recorded",
            remedy="Record it again in a moment; close other programs that use the file.",
        )
    if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return ReviewsError(
            f"{where} is not a database of verdicts, or is damaged",
            found=said,
            remedy="Restore a backup, or move the file away to start a new one.",
        )
    if code == "SQLITE_CANTOPEN" and _has_log(Path(where)):
        return ReviewsError(
            f"The latest verdicts of {where} cannot be read where nothing can be written",
            found=f"them in {Path(where).name}-wal beside it",
            remedy="Copy both files into a folder that can be written, and name the copy.",
        )
    return ReviewsError(
        f"The database of verdicts {where} cannot be used",
        found=said,
        remedy="Check that the folder or server exists and is writable.",
    )
