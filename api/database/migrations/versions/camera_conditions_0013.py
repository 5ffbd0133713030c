"""What is wrong with cameras now, and what was measured of an event."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "camera_conditions",
        sa.Column("camera_id", sa.Text, nullable=False),
        sa.Column("faults", JSONB, nullable=False),
        sa.Column("blind", sa.Boolean, nullable=False),
        sa.Column("next_report_seconds", sa.Double, nullable=False),
        sa.Column("reported_by", sa.Text, nullable=False),
        sa.Column(
            "reported_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.text("now()"),
        ),
        sa.PrimaryKeyConstraint("camera_id", name="pk_camera_conditions"),
        prefixes=["UNLOGGED"],
    )
    op.add_column("events", sa.Column("measured", sa.Text))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("events", "measured")
    op.drop_table("camera_conditions")
