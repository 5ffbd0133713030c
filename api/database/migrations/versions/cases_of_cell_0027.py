"""Cases of a cell are found in their order."""

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_cases_unit_grid", "cases", ["unit_grid", "reported_at", "case_id"])
