"""The table of the days that a city has imported into its working calendar."""

from sqlalchemy import CheckConstraint, Column, Date, Table, Text

from api.database.table_metadata import metadata

calendar_days = Table(
    "calendar_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    CheckConstraint("kind IN ('holiday', 'workday')", name="ck_calendar_days_kind"),
)
