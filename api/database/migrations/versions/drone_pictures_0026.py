"""Where a drone took a case's picture."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Make the column."""
    op.add_column("case_pictures", sa.Column("taken_from", JSONB))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("case_pictures", "taken_from")
