"""Which models workers say they run."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "worker_models",
        sa.Column("worker", sa.Text, nullable=False),
        sa.Column("models", JSONB, nullable=False),
        sa.Column("next_report_seconds", sa.Double, nullable=False),
        sa.Column("reported_by", sa.Text, nullable=False),
        sa.Column(
            "reported_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.text("now()"),
        ),
        sa.PrimaryKeyConstraint("worker", name="pk_worker_models"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("worker_models")
