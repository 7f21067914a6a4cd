"""Sessions that were signed out, so that every server refuses them, after a restart too."""

import sqlalchemy as sa
from alembic import op

revision = "r0005_sign_outs"
down_revision = "r0004_reviewers"


def upgrade() -> None:
    op.create_table(
        "sign_outs",
        sa.Column("session", sa.String(64), primary_key=True),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
    )
