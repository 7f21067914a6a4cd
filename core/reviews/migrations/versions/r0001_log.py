"""The log of verdicts, closed against changes, and the view of what stands."""

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None

COLUMNS = (
    "number, id, key, content_hash, task, given, proposed, verdict, note, reviewer, time, run_id,"
    " model_hash, supersedes"
)
STANDING = f"""
CREATE VIEW standing_verdicts AS
SELECT {COLUMNS} FROM (
  SELECT {COLUMNS}, ROW_NUMBER() OVER (
    PARTITION BY key, task, reviewer ORDER BY time DESC, number DESC
  ) AS place
  FROM verdicts
  WHERE verdict <> 'undone' AND id NOT IN (
    SELECT supersedes FROM verdicts WHERE verdict = 'undone' AND supersedes IS NOT NULL
  )
) AS latest WHERE place = 1
"""
CLOSED_SQLITE = """
CREATE TRIGGER verdicts_no_{what} BEFORE {what} ON verdicts
BEGIN SELECT RAISE(ABORT, 'the log of verdicts is append-only'); END
"""
CLOSED_POSTGRES = (
    """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log of verdicts is append-only'; END $$
""",
    """
CREATE TRIGGER verdicts_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON verdicts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
""",
)


def upgrade() -> None:
    op.create_table(
        "verdicts",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("content_hash", sa.String, nullable=False),
        sa.Column("task", sa.String, nullable=False),
        sa.Column("given", sa.String),
        sa.Column("proposed", sa.String),
        sa.Column("verdict", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("reviewer", sa.String, nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.String, nullable=False),
        sa.Column("model_hash", sa.String, nullable=False),
        sa.Column("supersedes", sa.String(64), sa.ForeignKey("verdicts.id")),
        sa.CheckConstraint("proposed IS NULL OR verdict IN ('wrong', 'undone')", name="proposes"),
        sqlite_autoincrement=True,
    )
    op.create_index("verdicts_by_painting", "verdicts", ["key", "task", "reviewer"])
    op.create_index("verdicts_by_reviewer", "verdicts", ["reviewer", "number"])
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(CLOSED_SQLITE.format(what=what))
    else:
        for statement in CLOSED_POSTGRES:
            op.execute(statement)
    op.execute(STANDING)
