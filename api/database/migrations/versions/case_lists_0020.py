"""Indexes that lists of millions of cases are read by."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_GRAMS = """
CREATE FUNCTION text_grams(said text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN (
    SELECT array_agg(DISTINCT substr(said, place, size))
    FROM generate_series(1, length(said)) AS place, generate_series(1, 2) AS size
    WHERE place + size <= length(said) + 1
)
"""


def upgrade() -> None:
    """Make the indexes, and the function that one of them is over."""
    op.execute(_GRAMS)
    op.execute("CREATE INDEX ix_cases_words ON cases USING gin (text_grams(description))")
    for name, column in (
        ("ix_cases_number_start", "number"),
        ("ix_cases_area_path", "area_path"),
        ("ix_cases_department_path", "department_path"),
    ):
        op.create_index(name, "cases", [column], postgresql_ops={column: "text_pattern_ops"})
    op.create_index(
        "ix_cases_external_number",
        "cases",
        ["external_number"],
        postgresql_where=sa.text("external_number IS NOT NULL"),
    )
    op.create_index(
        "ix_cases_running",
        "cases",
        ["reported_at", "case_id"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index("ix_cases_source", "cases", ["source", "reported_at", "case_id"])
