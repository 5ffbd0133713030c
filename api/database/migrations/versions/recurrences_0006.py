"""Which earlier event an event is the return of."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns; events so far are taken for no returns."""
    op.add_column("events", sa.Column("recurrence_of", sa.Text))
    op.add_column(
        "events",
        sa.Column("recurrence_number", sa.Integer, nullable=False, server_default=sa.text("0")),
    )
    op.create_index(
        "ix_events_recurrence_of",
        "events",
        ["recurrence_of"],
        postgresql_where=sa.text("recurrence_of IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop the columns, and the index with them."""
    op.drop_column("events", "recurrence_number")
    op.drop_column("events", "recurrence_of")
