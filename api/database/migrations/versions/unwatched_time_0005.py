"""How much of an event's time nobody watched."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column; of older events it is not known, and taken for none."""
    op.add_column(
        "events",
        sa.Column("unwatched_seconds", sa.Double, nullable=False, server_default=sa.text("0")),
    )


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("events", "unwatched_seconds")
