"""Figures find tasks that waited, and cases that went elsewhere, without passing all of a month."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Make the indexes; one of them is in the place of a larger one."""
    op.create_index(
        "ix_case_clocks_late",
        "case_clocks",
        ["stage", "due_at", "finished_at"],
        postgresql_where=sa.text("finished_at IS NULL OR finished_at > due_at"),
    )
    op.drop_index("ix_case_clocks_due", "case_clocks")
    op.create_index(
        "ix_cases_went_elsewhere",
        "cases",
        ["ended_at", "reported_at"],
        postgresql_where=sa.text("return_count <> 0 OR departments_count > 1"),
    )
