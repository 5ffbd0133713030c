"""Users whom the provider of the city's accounts vouches for."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Users who were made before sign in with passwords, as they did."""
    op.add_column("users", sa.Column("subject", sa.Text))
    op.create_unique_constraint("uq_users_subject", "users", ["subject"])
    op.add_column(
        "users",
        sa.Column("follows_groups", sa.Boolean, nullable=False, server_default=sa.text("false")),
    )


def downgrade() -> None:
    """Forget whom the provider vouches for; whoever has no password asks for one."""
    op.drop_column("users", "follows_groups")
    op.drop_constraint("uq_users_subject", "users")
    op.drop_column("users", "subject")
