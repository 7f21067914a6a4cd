"""Who took in which rows, from what file; and verdicts of the future are taken out of force.

A verdict dated in the future stands before all that its reviewer says until then. Imports took such
rows in once. Nothing is changed in the log: each is taken back by a row of its own, and what the
reviewer said after it, which this program had to date later still, is said again as of today.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "r0003_imports"
down_revision = "r0002"

CLOCKS_DIFFER = timedelta(hours=1)
TICK = timedelta(microseconds=1)
TABLES = ("imports", "imported_rows")
CLOSED_SQLITE = """
CREATE TRIGGER {table}_no_{what} BEFORE {what} ON {table}
BEGIN SELECT RAISE(ABORT, 'the log of imports is append-only'); END
"""
CLOSED_POSTGRES = """
CREATE FUNCTION refuse_import_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log of imports is append-only'; END $$
"""
TRIGGER_POSTGRES = """
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_import_change()
"""
VERDICTS = sa.table(
    "verdicts",
    *(
        sa.column(name, sa.String)
        for name in (
            *("id", "key", "content_hash", "task", "given", "proposed", "verdict", "note"),
            *("reviewer", "run_id", "model_hash", "supersedes"),
        )
    ),
    sa.column("number", sa.Integer),
    sa.column("time", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("importer", sa.String, nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file", sa.String, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "imported_rows",
        sa.Column("kind", sa.String(16), primary_key=True),  # verdict or set
        sa.Column("row_id", sa.String(64), primary_key=True),
        sa.Column("import", sa.Integer, sa.ForeignKey("imports.number"), primary_key=True),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for what in ("UPDATE", "DELETE"):
                op.execute(CLOSED_SQLITE.format(table=table, what=what))
    else:
        op.execute(CLOSED_POSTGRES)
        for table in TABLES:
            op.execute(TRIGGER_POSTGRES.format(table=table))
    _mend_the_future()


def _mend_the_future() -> None:
    now = datetime.now(UTC)
    connection = op.get_bind()
    undone = sa.select(VERDICTS.c.supersedes).where(
        VERDICTS.c.verdict == "undone", VERDICTS.c.supersedes.is_not(None)
    )
    query = (
        sa.select(VERDICTS)
        .where(
            VERDICTS.c.time > now + CLOCKS_DIFFER,
            VERDICTS.c.verdict != "undone",
            VERDICTS.c.id.not_in(undone),
        )
        .order_by(VERDICTS.c.number)
    )
    rows = {row["id"]: dict(row) for row in connection.execute(query).mappings()}
    for row in rows.values():
        del row["number"]
    added = [
        row
        | {"id": uuid4().hex, "verdict": "undone", "proposed": None, "note": ""}
        | {"supersedes": row["id"], "time": now}
        for row in rows.values()
    ]
    added += [
        row | {"id": uuid4().hex, "supersedes": None, "time": now + TICK}
        for row in _find_said_after(rows)
    ]
    if added:
        connection.execute(sa.insert(VERDICTS), added)


def _find_said_after(rows: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The last of each place that this program dated right after a row of the future."""
    last: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in rows.values():
        before = rows.get(row["supersedes"] or "")
        if before is not None and row["time"] - before["time"] == TICK:
            last[row["key"], row["task"], row["reviewer"]] = row
    return list(last.values())
