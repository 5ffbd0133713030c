"""Whether a case was handled in time is kept with it, and cases open at a moment are found."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

_OF_ENDED_CASES = """
UPDATE cases
SET handled_in_time = coalesce(
    (
        SELECT coalesce(finished_at <= due_at, false)
        FROM case_clocks
        WHERE case_clocks.case_id = cases.case_id AND stage = 'handle'
        ORDER BY number DESC
        LIMIT 1
    ),
    true
)
WHERE ended_at IS NOT NULL
"""


def upgrade() -> None:
    """Add the column, say it of every case that ended, and make the index."""
    op.add_column("cases", sa.Column("handled_in_time", sa.Boolean()))
    op.execute(_OF_ENDED_CASES)
    op.drop_index("ix_cases_ended_at", "cases")
    op.create_index("ix_cases_ended_at", "cases", ["ended_at", "reported_at"])
