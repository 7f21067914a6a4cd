"""The paintings of a set change: each is put in, with a note, or taken out, by rows of a log."""

import sqlalchemy as sa
from alembic import op

revision = "r0008_set_changes"
down_revision = "r0007_worklists"

CLOSED_SQLITE = """
CREATE TRIGGER set_changes_no_{what} BEFORE {what} ON set_changes
BEGIN SELECT RAISE(ABORT, 'the log of sets is append-only'); END
"""
CLOSED_POSTGRES = """
CREATE TRIGGER set_changes_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON set_changes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_set_change()
"""


def upgrade() -> None:
    op.create_table(
        "set_changes",
        sa.Column(
            "number",
            sa.Integer,
            sa.ForeignKey("set_log.number"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("is_in", sa.Boolean, nullable=False),
        sa.Column("note", sa.String, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(CLOSED_SQLITE.format(what=what))
    else:
        op.execute(CLOSED_POSTGRES)
