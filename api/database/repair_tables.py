"""The tables of looks at a spot after its handling."""

from sqlalchemy import (
    Column,
    DateTime,
    Double,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from api.database.table_metadata import metadata

# Which events' spots are to be looked at again, and what came of it.
repair_checks = Table(
    "repair_checks",
    metadata,
    Column("check_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("camera_id", Text, nullable=False),
    Column("status", Text, nullable=False, server_default="open"),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("wanted_looks", Integer, nullable=False),
    Column("pause_seconds", Double, nullable=False),
    # Those of the latest run: in a row, each healthy.
    Column("absent_looks", Integer, nullable=False, server_default=text("0")),
    Column("look_after", DateTime(timezone=True), nullable=False),
    Column("last_look_at", DateTime(timezone=True)),
    Column("last_seen", Text),
    # Of the latest look that told something.
    Column("picture", Text),
    # Why it ended without an answer.
    Column("ended_because", Text),
    # Of the latest look.
    Column("faults", Text, nullable=False, server_default=""),
    Index("ix_repair_checks_case_id", "case_id"),
    Index("ix_repair_checks_open", "ends_at", postgresql_where=text("status = 'open'")),
)

# Every look that counted for or against, or could not tell.
repair_looks = Table(
    "repair_looks",
    metadata,
    Column("check_id", Text, nullable=False),
    Column("looked_at", DateTime(timezone=True), nullable=False),
    Column("seen", Text, nullable=False),
    Column("sha256", Text),
    Column("faults", Text, nullable=False, server_default=""),
    Column("posted_by", Text, nullable=False),
    PrimaryKeyConstraint("check_id", "looked_at", name="pk_repair_looks"),
)
