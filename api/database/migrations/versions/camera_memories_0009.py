"""What the worker that watches a camera knows of it, for the next one."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "camera_memories",
        sa.Column("camera_id", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("kept_by", sa.Text, nullable=False),
        sa.Column("latest_look", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.Column("health", sa.LargeBinary),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.text("now()"),
        ),
        sa.PrimaryKeyConstraint("camera_id", name="pk_camera_memories"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("camera_memories")
