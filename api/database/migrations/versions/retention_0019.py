"""Retention: when each picture is looked at next, who holds it, and what was deleted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"

_NOW = sa.text("now()")


def upgrade() -> None:
    """Make the table of holds, and what finds pictures, their events and their deletions."""
    op.create_table(
        "holds",
        sa.Column("hold_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("lifted_by", sa.Text()),
        sa.Column("lifted_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_holds")),
    )
    op.create_index(
        "uq_holds_standing",
        "holds",
        ["kind", "subject_id"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.add_column(
        "evidence",
        sa.Column("look_again_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
    )
    op.add_column("evidence", sa.Column("deletion", JSONB))
    op.create_index(
        "ix_evidence_look_again_at",
        "evidence",
        ["look_again_at"],
        postgresql_where=sa.text("deletion IS NULL"),
    )
    op.create_index(
        "ix_evidence_deletion",
        "evidence",
        ["sha256"],
        postgresql_where=sa.text("deletion IS NOT NULL"),
    )
    op.execute(
        "CREATE INDEX ix_events_pictures ON events USING gin "
        "(jsonb_path_query_array(evidence, '$[*].sha256'))"
    )
    op.create_index(
        "ix_audit_records_deletions",
        "audit_records",
        ["subject", "number"],
        postgresql_where=sa.text("action = 'delete_picture'"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_audit_records_deletions", "audit_records")
    op.drop_index("ix_events_pictures", "events")
    op.drop_column("evidence", "deletion")
    op.drop_column("evidence", "look_again_at")
    op.drop_table("holds")
