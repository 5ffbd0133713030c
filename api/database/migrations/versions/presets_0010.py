"""Presets of cameras that turn, and the pictures that views are recognised by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the column and make the table."""
    op.add_column(
        "cameras", sa.Column("presets", JSONB, nullable=False, server_default=sa.text("'[]'"))
    )
    op.create_table(
        "camera_references",
        sa.Column("camera_id", sa.Text, nullable=False),
        sa.Column("preset", sa.Text, nullable=False),
        sa.Column("jpeg", sa.LargeBinary, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("given_by", sa.Text, nullable=False),
        sa.Column(
            "given_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")
        ),
        sa.PrimaryKeyConstraint("camera_id", "preset", name="pk_camera_references"),
    )


def downgrade() -> None:
    """Drop the table and the column."""
    op.drop_table("camera_references")
    op.drop_column("cameras", "presets")
