"""An index that finds events of one type around a place."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_events_typed_place", "events", ["issue_code", "lon", "lat"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_events_typed_place", "events")
