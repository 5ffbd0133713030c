"""Looks at a spot after its handling, and what a case says of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Make the tables and the column."""
    op.create_table(
        "repair_checks",
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("camera_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted_looks", sa.Integer(), nullable=False),
        sa.Column("pause_seconds", sa.Double(), nullable=False),
        sa.Column("absent_looks", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("look_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_look_at", sa.DateTime(timezone=True)),
        sa.Column("last_seen", sa.Text()),
        sa.Column("picture", sa.Text()),
        sa.Column("ended_because", sa.Text()),
        sa.Column("faults", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_repair_checks")),
    )
    op.create_index("ix_repair_checks_case_id", "repair_checks", ["case_id"])
    op.create_index(
        "ix_repair_checks_open",
        "repair_checks",
        ["ends_at"],
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "repair_looks",
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text()),
        sa.Column("faults", sa.Text(), server_default="", nullable=False),
        sa.Column("posted_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("check_id", "looked_at", name="pk_repair_looks"),
    )
    op.add_column("cases", sa.Column("camera_check", JSONB))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("cases", "camera_check")
    op.drop_table("repair_looks")
    op.drop_table("repair_checks")
