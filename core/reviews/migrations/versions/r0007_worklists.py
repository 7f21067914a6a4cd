"""Worklists, sets assigned to people, closed against changes as well; verdicts that settle."""

import sqlalchemy as sa
from alembic import op

revision = "r0007_worklists"
down_revision = "r0006_of_several"

CLOSED_SQLITE = """
CREATE TRIGGER worklist_log_no_{what} BEFORE {what} ON worklist_log
BEGIN SELECT RAISE(ABORT, 'the log of worklists is append-only'); END
"""
CLOSED_POSTGRES = """
CREATE FUNCTION refuse_worklist_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log of worklists is append-only'; END $$
"""
TRIGGER_POSTGRES = """
CREATE TRIGGER worklist_log_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON worklist_log
FOR EACH STATEMENT EXECUTE FUNCTION refuse_worklist_change()
"""
COLUMNS = (
    "number, id, key, content_hash, task, given, proposed, verdict, note, reviewer, time, run_id,"
    " model_hash, supersedes, of_several, settles"
)
STANDING = f"""
CREATE VIEW standing_verdicts AS
SELECT {COLUMNS} FROM (
  SELECT {COLUMNS}, ROW_NUMBER() OVER (
    PARTITION BY key, task, reviewer, COALESCE(of_several, '') ORDER BY time DESC, number DESC
  ) AS place
  FROM verdicts
  WHERE verdict <> 'undone' AND id NOT IN (
    SELECT supersedes FROM verdicts WHERE verdict = 'undone' AND supersedes IS NOT NULL
  )
) AS latest WHERE place = 1
"""


def upgrade() -> None:
    op.create_table(
        "worklist_log",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("worklist_id", sa.String(64), nullable=False),
        sa.Column("set_id", sa.String(64), nullable=False),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("task", sa.String, nullable=False),
        sa.Column("is_second", sa.Boolean, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("reviewer", sa.String, nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("worklist_log_by_worklist", "worklist_log", ["worklist_id", "number"])
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(CLOSED_SQLITE.format(what=what))
    else:
        op.execute(CLOSED_POSTGRES)
        op.execute(TRIGGER_POSTGRES)
    op.execute("DROP VIEW standing_verdicts")
    op.add_column("verdicts", sa.Column("settles", sa.String))
    op.execute(STANDING)
