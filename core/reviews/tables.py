"""The logs as SQLAlchemy sees them. The migrations make them; nothing else does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Integer, MetaData, String, Table, TypeDecorator
from sqlalchemy.schema import Column


class UtcTime(TypeDecorator[datetime]):
    """Aware times in UTC, on databases that know no time zone too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA = MetaData()


def _columns() -> list[Column[Any]]:
    return [
        Column("number", Integer, primary_key=True),  # in the order of arrival
        Column("id", String(64)),
        Column("key", String),
        Column("content_hash", String),
        Column("task", String),
        Column("given", String),
        Column("proposed", String),
        Column("verdict", String),
        Column("note", String),
        Column("reviewer", String),
        Column("time", UtcTime),
        Column("run_id", String),
        Column("model_hash", String),
        Column("supersedes", String(64)),
    ]


LOG = Table("verdicts", METADATA, *_columns())
# Of each reviewer's rows on a painting and task, the latest that is not undone.
STANDING = Table("standing_verdicts", METADATA, *_columns())

SET_LOG = Table(
    "set_log",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("set_id", String(64)),
    Column("name", String),  # null: the set is deleted
    Column("reviewer", String),
    Column("time", UtcTime),
    Column("run_id", String),
)
SET_PAINTINGS = Table(
    "set_paintings",
    METADATA,
    Column("set_id", String(64), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("key", String),
)
# Of each set that is not deleted: its latest name, and who made it, when and in which run.
STANDING_SETS = Table(
    "standing_sets",
    METADATA,
    Column("set_id", String(64)),
    Column("name", String),
    Column("reviewer", String),
    Column("time", UtcTime),
    Column("run_id", String),
)

IMPORTS = Table(
    "imports",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("importer", String),
    Column("time", UtcTime),
    Column("file", String),
    Column("sha256", String(64)),
)
IMPORTED_ROWS = Table(
    "imported_rows",
    METADATA,
    Column("kind", String(16), primary_key=True),
    Column("row_id", String(64), primary_key=True),
    Column("import", Integer, primary_key=True),
)
# Sessions of the dashboard that were signed out before they ended by themselves.
SIGN_OUTS = Table(
    "sign_outs",
    METADATA,
    Column("session", String(64), primary_key=True),
    Column("time", UtcTime),
)
