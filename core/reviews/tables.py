"""The logs as the migrations leave them; nothing else makes them.

tests/reviews/test_tables.py compares the two on both databases.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
)


class UtcTime(TypeDecorator[datetime]):
    """Aware times in UTC, on databases that know no time zone too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA = MetaData()
VIEWS = MetaData()

LOG = Table(
    "verdicts",
    METADATA,
    Column("number", Integer, primary_key=True),  # in the order of arrival
    Column("id", String(64), nullable=False, unique=True),
    Column("key", String, nullable=False),
    Column("content_hash", String, nullable=False),
    Column("task", String, nullable=False),
    Column("given", String),
    Column("proposed", String),
    Column("verdict", String, nullable=False),
    Column("note", String, nullable=False),
    Column("reviewer", String, nullable=False),
    Column("time", UtcTime, nullable=False),
    Column("run_id", String, nullable=False),
    Column("model_hash", String, nullable=False),
    Column("supersedes", String(64), ForeignKey("verdicts.id")),
    Column("of_several", String),
    Column("settles", String),
    CheckConstraint("proposed IS NULL OR verdict IN ('wrong', 'undone')", name="proposes"),
    Index("verdicts_by_painting", "key", "task", "reviewer"),
    Index("verdicts_by_reviewer", "reviewer", "number"),
)
# Of each reviewer's rows on a painting, task and label of several, the latest not undone.
STANDING = Table(
    "standing_verdicts", VIEWS, *(Column(column.name, column.type) for column in LOG.columns)
)

SET_LOG = Table(
    "set_log",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("set_id", String(64), nullable=False),
    Column("name", String),  # null: the set is deleted
    Column("reviewer", String, nullable=False),
    Column("time", UtcTime, nullable=False),
    Column("run_id", String, nullable=False),
    Index("set_log_by_set", "set_id", "number"),
)
SET_PAINTINGS = Table(
    "set_paintings",
    METADATA,
    Column("set_id", String(64), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("key", String, nullable=False),
)
# What a row of ``set_log`` did to the paintings of its set: each put in, with a note, or taken out.
SET_CHANGES = Table(
    "set_changes",
    METADATA,
    Column("number", Integer, ForeignKey("set_log.number"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("key", String, nullable=False),
    Column("is_in", Boolean, nullable=False),
    Column("note", String, nullable=False),
)
# Of each set that is not deleted: its latest name, and who made it, when and in which run.
STANDING_SETS = Table(
    "standing_sets",
    VIEWS,
    Column("set_id", String(64)),
    Column("name", String),
    Column("reviewer", String),
    Column("time", UtcTime),
    Column("run_id", String),
)

# Which set is assigned to whom. The latest row of a worklist counts; not open: it was taken back.
WORKLIST_LOG = Table(
    "worklist_log",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("worklist_id", String(64), nullable=False),
    Column("set_id", String(64), nullable=False),
    Column("person", String, nullable=False),
    Column("task", String, nullable=False),
    Column("is_second", Boolean, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("reviewer", String, nullable=False),
    Column("time", UtcTime, nullable=False),
    Column("run_id", String, nullable=False),
    Index("worklist_log_by_worklist", "worklist_id", "number"),
)

IMPORTS = Table(
    "imports",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("importer", String, nullable=False),
    Column("time", UtcTime, nullable=False),
    Column("file", String, nullable=False),
    Column("sha256", String(64), nullable=False),
)
IMPORTED_ROWS = Table(
    "imported_rows",
    METADATA,
    Column("kind", String(16), primary_key=True),
    Column("row_id", String(64), primary_key=True),
    Column("import", Integer, ForeignKey("imports.number"), primary_key=True),
)
# Sessions of the dashboard that were signed out before they ended by themselves.
SIGN_OUTS = Table(
    "sign_outs",
    METADATA,
    Column("session", String(64), primary_key=True),
    Column("time", UtcTime, nullable=False),
)
