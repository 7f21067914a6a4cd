"""A verdict may be on one of several labels of a work: each has verdicts of its own in force."""

import sqlalchemy as sa
from alembic import op

revision = "r0006_of_several"
down_revision = "r0005_sign_outs"

COLUMNS = (
    "number, id, key, content_hash, task, given, proposed, verdict, note, reviewer, time, run_id,"
    " model_hash, supersedes, of_several"
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
    op.execute("DROP VIEW standing_verdicts")
    op.add_column("verdicts", sa.Column("of_several", sa.String))
    op.execute(STANDING)
