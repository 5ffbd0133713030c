"""What events say of their confirmation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column."""
    op.add_column("events", sa.Column("confirmation", JSONB(none_as_null=True)))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("events", "confirmation")
