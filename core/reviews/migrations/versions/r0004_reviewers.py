"""One reviewer an address: rows signed ``Ada Lovelace, Ada@museum.org`` become ``ada@museum.org``.

Display names change and can be anything; two of them with one address voted twice. The only change
that the closed logs ever see, so their triggers are taken away for it and put back.
"""

import sqlalchemy as sa
from alembic import op

from core.reviews.reviewers import canonical_reviewer, drop_hidden

revision = "r0004_reviewers"
down_revision = "r0003_imports"

LOGS = {"verdicts": "verdicts", "set_log": "sets"}
NAMELESS = "(no name)"  # of a name in which there was nothing to see
CLOSED_SQLITE = """
CREATE TRIGGER {table}_no_UPDATE BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'the log of {what} is append-only'); END
"""


def upgrade() -> None:
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    for table, what in LOGS.items():
        names = connection.scalars(sa.text(f"SELECT DISTINCT reviewer FROM {table}")).all()
        changes = [{"old": name, "new": settle(name)} for name in names if settle(name) != name]
        if not changes:
            continue
        if is_sqlite:
            op.execute(f"DROP TRIGGER {table}_no_UPDATE")
        else:
            op.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change")
        change = sa.text(f"UPDATE {table} SET reviewer = :new WHERE reviewer = :old")
        connection.execute(change, changes)
        if is_sqlite:
            op.execute(CLOSED_SQLITE.format(table=table, what=what))
        else:
            op.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_change")


def settle(name: str) -> str:
    """What a name of the log becomes: nothing hidden in it, and an address where it has one."""
    return canonical_reviewer(drop_hidden(name)) or NAMELESS
