"""The tables of cases: what they are, what was done with them, and how long it took."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from api.database.table_metadata import metadata

case_numbers = Sequence("case_numbers", metadata=metadata)
case_changes = Sequence("case_changes", metadata=metadata)

_OPEN = text("ended_at IS NULL")

cases = Table(
    "cases",
    metadata,
    Column("case_id", Text, primary_key=True),
    # For people: the day, and a number that only grows.
    Column("number", Text, nullable=False, unique=True),
    # The number that another system gave it.
    Column("external_number", Text),
    # What a channel names a report by: the same twice is one case.
    Column("report_key", Text),
    Column("state", Text, nullable=False),
    # Rises with every change: what an ETag is made of.
    Column("version", Integer, nullable=False),
    Column("change", BigInteger, nullable=False, server_default=case_changes.next_value()),
    # Rises when a closed case is opened again.
    Column("round", Integer, nullable=False, server_default=text("1")),
    Column("source", Text, nullable=False),
    Column("issue_code", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("unit_grid", Text),
    # Paths of units, "/city/district/": who may see it is asked by their beginning.
    Column("area_path", Text, nullable=False, server_default="/"),
    Column("component_id", Text),
    Column("department_id", Text),
    Column("department_path", Text),
    Column("first_department_id", Text),
    Column("handler", Text),
    Column("collector", Text),
    Column("handle_amount", Double),
    Column("handle_unit", Text),
    Column("reported_by", Text, nullable=False),
    Column("reported_at", DateTime(timezone=True), nullable=False),
    Column("registered_at", DateTime(timezone=True)),
    Column("dispatched_at", DateTime(timezone=True)),
    Column("handled_at", DateTime(timezone=True)),
    Column("confirmed_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    # Whether its last handling kept its limit; of a case that ended, for figures.
    Column("handled_in_time", Boolean),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    # The clock that runs now, of which the lists tell: none while it is paused.
    Column("clock_stage", Text),
    Column("yellow_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True)),
    # Which lights were told of: 0 none, 1 yellow, 2 red.
    Column("lights_told", Integer, nullable=False, server_default=text("0")),
    # What somebody asked for and somebody else decides.
    Column("request", JSONB(none_as_null=True)),
    Column("appeal", Text),
    Column("timeout_exempt", Boolean, nullable=False, server_default=text("false")),
    Column("suspended_from", Text),
    Column("suspended_until", DateTime(timezone=True)),
    Column("supervised_by", Text),
    Column("urged_count", Integer, nullable=False, server_default=text("0")),
    Column("rework_count", Integer, nullable=False, server_default=text("0")),
    Column("return_count", Integer, nullable=False, server_default=text("0")),
    Column("delay_count", Integer, nullable=False, server_default=text("0")),
    Column("hang_count", Integer, nullable=False, server_default=text("0")),
    Column("departments_count", Integer, nullable=False, server_default=text("0")),
    Column("self_handled", Boolean, nullable=False, server_default=text("false")),
    Column("auto_registered", Boolean, nullable=False, server_default=text("false")),
    Column("auto_dispatched", Boolean, nullable=False, server_default=text("false")),
    # Why it waits for a person to register it: key and values of a WhyNot.
    Column("waits_because", JSONB(none_as_null=True)),
    # Why it waits for a person to dispatch it.
    Column("unresolved", Text),
    Column("event_count", Integer, nullable=False, server_default=text("0")),
    Column("merged_into", Text),
    Column("recurrence_of", Text),
    # When its cameras saw that it is gone, after it was handled.
    Column("seen_gone_at", DateTime(timezone=True)),
    # What the looks after its handling came to so far: key and values of a WhyNot.
    Column("camera_check", JSONB(none_as_null=True)),
    Index("ix_cases_newest", "reported_at", "case_id"),
    Index("ix_cases_state", "state", "reported_at", "case_id"),
    Index("ix_cases_department", "department_id", "reported_at", "case_id"),
    Index("ix_cases_handler", "handler", "reported_at", "case_id"),
    Index("ix_cases_issue_code", "issue_code", "reported_at", "case_id"),
    Index("ix_cases_unit_grid", "unit_grid", "reported_at", "case_id"),
    Index("ix_cases_open_place", "issue_code", "lon", "lat", postgresql_where=_OPEN),
    Index("ix_cases_ended_place", "issue_code", "unit_grid", "ended_at"),
    Index("ix_cases_open", "reported_at", "case_id", postgresql_where=_OPEN),
    Index("ix_cases_yellow", "yellow_at", postgresql_where=text("lights_told = 0")),
    Index("ix_cases_due", "due_at", postgresql_where=text("lights_told < 2")),
    Index(
        "ix_cases_suspended",
        "suspended_until",
        postgresql_where=text("suspended_until IS NOT NULL"),
    ),
    Index(
        "uq_cases_report_key",
        "report_key",
        unique=True,
        postgresql_where=text("report_key IS NOT NULL"),
    ),
    Index("ix_cases_source", "source", "reported_at", "case_id"),
    # Those whose clock runs, among which each light is looked for.
    Index(
        "ix_cases_running",
        "reported_at",
        "case_id",
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    # All that lies below a unit, which may be nothing.
    Index("ix_cases_area_path", "area_path", postgresql_ops={"area_path": "text_pattern_ops"}),
    Index(
        "ix_cases_department_path",
        "department_path",
        postgresql_ops={"department_path": "text_pattern_ops"},
    ),
    # What a search may mean: the start of a number, another system's number, what was said.
    Index("ix_cases_number_start", "number", postgresql_ops={"number": "text_pattern_ops"}),
    Index(
        "ix_cases_external_number",
        "external_number",
        postgresql_where=text("external_number IS NOT NULL"),
    ),
    Index("ix_cases_words", text("text_grams(description)"), postgresql_using="gin"),
    Index("ix_cases_change", "change"),
    # Figures ask for cases that were open at a moment, which is a matter of both.
    Index("ix_cases_ended_at", "ended_at", "reported_at"),
    # Those that came back or went to another department, whose tasks figures look at twice.
    Index(
        "ix_cases_went_elsewhere",
        "ended_at",
        "reported_at",
        postgresql_where=text("return_count <> 0 OR departments_count > 1"),
    ),
    Index("ix_cases_registered_at", "registered_at"),
    Index("ix_cases_dispatched_at", "dispatched_at"),
)

# Only grows, which a trigger sees to.
case_flow = Table(
    "case_flow",
    metadata,
    Column("flow_id", BigInteger, Identity(always=True), primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("action", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("from_state", Text),
    Column("to_state", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("unit_id", Text),
    Column("reason", Text, nullable=False, server_default=""),
    Column("details", JSONB, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_case_flow_case_id", "case_id", "flow_id"),
    Index("ix_case_flow_action", "action", "at"),
    Index("ix_case_flow_actor", "actor", "at"),
)

case_clocks = Table(
    "case_clocks",
    metadata,
    Column("case_id", Text, nullable=False),
    # Counts within the case.
    Column("number", Integer, nullable=False),
    Column("stage", Text, nullable=False),
    Column("department_id", Text),
    Column("limit_amount", Double, nullable=False),
    Column("limit_unit", Text, nullable=False),
    Column("allowed_seconds", Double, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("yellow_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("paused_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    # In the unit's own time, once it has finished.
    Column("used_seconds", Double),
    PrimaryKeyConstraint("case_id", "number", name="pk_case_clocks"),
    # Those that were late or are not done, among which figures look for what waited.
    Index(
        "ix_case_clocks_late",
        "stage",
        "due_at",
        "finished_at",
        postgresql_where=text("finished_at IS NULL OR finished_at > due_at"),
    ),
    Index("ix_case_clocks_finished", "stage", "finished_at"),
    # The latest handling of many cases, for figures: without it, all their clocks are read.
    Index(
        "ix_case_clocks_handling",
        "case_id",
        "number",
        postgresql_include=["due_at", "finished_at"],
        postgresql_where=text("stage = 'handle'"),
    ),
)

# An event belongs to one case.
case_events = Table(
    "case_events",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("joined_by", Text, nullable=False),
    Column("joined_at", DateTime(timezone=True), nullable=False),
    # The event's own: whether its cameras see it still.
    Column("cleared_at", DateTime(timezone=True)),
    Index("ix_case_events_case_id", "case_id"),
)

case_pictures = Table(
    "case_pictures",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    # Where and when a drone took it: a TakenFrom.
    Column("taken_from", JSONB(none_as_null=True)),
    PrimaryKeyConstraint("case_id", "sha256", "kind", name="pk_case_pictures"),
    Index("ix_case_pictures_sha256", "sha256"),
)

# What people said of events. Labelling lives on it.
verdicts = Table(
    "verdicts",
    metadata,
    Column("verdict_id", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Text, nullable=False),
    Column("case_id", Text),
    Column("verdict", Text, nullable=False),
    Column("reason", Text),
    Column("boxes", JSONB(none_as_null=True)),
    Column("issue_code", Text, nullable=False),
    Column("score", Double, nullable=False),
    Column("model", JSONB, nullable=False),
    Column("picture", Text),
    Column("given_by", Text, nullable=False),
    Column("given_at", DateTime(timezone=True), nullable=False),
    Index("ix_verdicts_event_id", "event_id"),
    Index("ix_verdicts_given_at", "given_at"),
)

# Up to which change of events cases were opened; one row per reader.
intake_positions = Table(
    "intake_positions",
    metadata,
    Column("reader", Text, primary_key=True),
    Column("change", BigInteger, nullable=False),
)
