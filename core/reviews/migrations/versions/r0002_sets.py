"""Named sets of paintings: who made, renamed and deleted them, closed against changes as well."""

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"

TABLES = ("set_log", "set_paintings")
STANDING = """
CREATE VIEW standing_sets AS
SELECT made.set_id, latest.name, made.reviewer, made.time, made.run_id
FROM (
  SELECT set_id, MIN(number) AS first, MAX(number) AS last FROM set_log GROUP BY set_id
) AS ends
JOIN set_log AS made ON made.number = ends.first
JOIN set_log AS latest ON latest.number = ends.last
WHERE latest.name IS NOT NULL
"""
CLOSED_SQLITE = """
CREATE TRIGGER {table}_no_{what} BEFORE {what} ON {table}
BEGIN SELECT RAISE(ABORT, 'the log of sets is append-only'); END
"""
CLOSED_POSTGRES = """
CREATE FUNCTION refuse_set_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log of sets is append-only'; END $$
"""
TRIGGER_POSTGRES = """
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_set_change()
"""


def upgrade() -> None:
    op.create_table(
        "set_log",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("set_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String),
        sa.Column("reviewer", sa.String, nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("set_log_by_set", "set_log", ["set_id", "number"])
    op.create_table(
        "set_paintings",
        sa.Column("set_id", sa.String(64), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for what in ("UPDATE", "DELETE"):
                op.execute(CLOSED_SQLITE.format(table=table, what=what))
    else:
        op.execute(CLOSED_POSTGRES)
        for table in TABLES:
            op.execute(TRIGGER_POSTGRES.format(table=table))
    op.execute(STANDING)
