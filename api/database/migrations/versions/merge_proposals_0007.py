"""Pairs of events that may be the same matter, and which of them are."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column and make the table."""
    op.add_column("events", sa.Column("merged_into", sa.Text))
    op.create_index(
        "ix_events_merged_into",
        "events",
        ["merged_into"],
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.create_table(
        "merge_proposals",
        sa.Column("proposal_id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("older_event_id", sa.Text, nullable=False),
        sa.Column("younger_event_id", sa.Text, nullable=False),
        sa.Column("distance_m", sa.Double, nullable=False),
        sa.Column("limit_m", sa.Double, nullable=False),
        sa.Column("status", sa.Text, nullable=False, server_default="proposed"),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.Text),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("proposal_id", name="pk_merge_proposals"),
        sa.CheckConstraint(
            "older_event_id < younger_event_id", name="ck_merge_proposals_pair_in_order"
        ),
    )
    op.create_index(
        "uq_merge_proposals_pair",
        "merge_proposals",
        ["older_event_id", "younger_event_id"],
        unique=True,
    )
    op.create_index("ix_merge_proposals_younger", "merge_proposals", ["younger_event_id"])


def downgrade() -> None:
    """Drop the table and the column."""
    op.drop_table("merge_proposals")
    op.drop_column("events", "merged_into")
