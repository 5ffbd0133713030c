"""Which model versions are live, and how that came about."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "model_changes",
        sa.Column("change_id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("version", sa.Text),
        sa.Column("files", JSONB, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.text("now()"),
        ),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("in_service_since", sa.DateTime(timezone=True)),
        sa.Column("change_before", sa.BigInteger),
        sa.Column("is_current", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("change_id", name="pk_model_changes"),
    )
    op.create_index(
        "uq_model_changes_current",
        "model_changes",
        ["scope", "name"],
        unique=True,
        postgresql_where=sa.text("is_current"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("model_changes")
