"""Reports that are renewed: how long the last one of a worker counts."""

from sqlalchemy import ColumnElement, Table, func

# Two may be lost on the way before what they said counts as unknown.
OVERDUE_AFTER_REPORTS = 3


def still_counts(reports: Table) -> ColumnElement[bool]:
    """Return the SQL condition that a row of a table of reports is not long overdue."""
    age_seconds = func.extract("epoch", func.now() - reports.c.reported_at)
    return age_seconds <= OVERDUE_AFTER_REPORTS * reports.c.next_report_seconds
