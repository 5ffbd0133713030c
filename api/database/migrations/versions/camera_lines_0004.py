"""The lines in a camera's picture."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "cameras", sa.Column("lines", JSONB, nullable=False, server_default=sa.text("'[]'"))
    )


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("cameras", "lines")
