"""Cases: what they are, what was done with them, and how long it took."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"

_NEXT_CHANGE = sa.text("nextval('case_changes')")


def upgrade() -> None:
    """Make the tables."""
    op.execute("CREATE SEQUENCE case_numbers")
    op.execute("CREATE SEQUENCE case_changes")
    op.create_table(
        "case_clocks",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Text()),
        sa.Column("limit_amount", sa.Double(), nullable=False),
        sa.Column("limit_unit", sa.Text(), nullable=False),
        sa.Column("allowed_seconds", sa.Double(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("yellow_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("used_seconds", sa.Double()),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_case_clocks"),
    )
    op.create_index("ix_case_clocks_due", "case_clocks", ["stage", "due_at"])
    op.create_index("ix_case_clocks_finished", "case_clocks", ["stage", "finished_at"])
    op.create_index(
        "ix_case_clocks_handling",
        "case_clocks",
        ["case_id", "number"],
        unique=False,
        postgresql_include=["due_at", "finished_at"],
        postgresql_where=sa.text("stage = 'handle'"),
    )
    op.create_table(
        "case_events",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("joined_by", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_case_events")),
    )
    op.create_index("ix_case_events_case_id", "case_events", ["case_id"])
    op.create_table(
        "case_flow",
        sa.Column("flow_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text()),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Text()),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("details", JSONB, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("flow_id", name=op.f("pk_case_flow")),
    )
    op.create_index("ix_case_flow_action", "case_flow", ["action", "at"])
    op.create_index("ix_case_flow_actor", "case_flow", ["actor", "at"])
    op.create_index("ix_case_flow_case_id", "case_flow", ["case_id", "flow_id"])
    op.create_table(
        "case_pictures",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "sha256", "kind", name="pk_case_pictures"),
    )
    op.create_index("ix_case_pictures_sha256", "case_pictures", ["sha256"])
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("external_number", sa.Text()),
        sa.Column("report_key", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("change", sa.BigInteger(), server_default=_NEXT_CHANGE, nullable=False),
        sa.Column("round", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("issue_code", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("unit_grid", sa.Text()),
        sa.Column("area_path", sa.Text(), server_default="/", nullable=False),
        sa.Column("component_id", sa.Text()),
        sa.Column("department_id", sa.Text()),
        sa.Column("department_path", sa.Text()),
        sa.Column("first_department_id", sa.Text()),
        sa.Column("handler", sa.Text()),
        sa.Column("collector", sa.Text()),
        sa.Column("handle_amount", sa.Double()),
        sa.Column("handle_unit", sa.Text()),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True)),
        sa.Column("dispatched_at", sa.DateTime(timezone=True)),
        sa.Column("handled_at", sa.DateTime(timezone=True)),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_stage", sa.Text()),
        sa.Column("yellow_at", sa.DateTime(timezone=True)),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("lights_told", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("request", JSONB),
        sa.Column("appeal", sa.Text()),
        sa.Column("timeout_exempt", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("suspended_from", sa.Text()),
        sa.Column("suspended_until", sa.DateTime(timezone=True)),
        sa.Column("supervised_by", sa.Text()),
        sa.Column("urged_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("rework_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("return_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("delay_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("hang_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("departments_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("self_handled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("auto_registered", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("auto_dispatched", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("waits_because", JSONB),
        sa.Column("unresolved", sa.Text()),
        sa.Column("event_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.Text()),
        sa.Column("recurrence_of", sa.Text()),
        sa.Column("seen_gone_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_index("ix_cases_change", "cases", ["change"])
    op.create_index("ix_cases_dispatched_at", "cases", ["dispatched_at"])
    op.create_index("ix_cases_department", "cases", ["department_id", "reported_at", "case_id"])
    op.create_index(
        "ix_cases_due",
        "cases",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("lights_told < 2"),
    )
    op.create_index("ix_cases_ended_at", "cases", ["ended_at"])
    op.create_index("ix_cases_ended_place", "cases", ["issue_code", "unit_grid", "ended_at"])
    op.create_index("ix_cases_handler", "cases", ["handler", "reported_at", "case_id"])
    op.create_index("ix_cases_issue_code", "cases", ["issue_code", "reported_at", "case_id"])
    op.create_index("ix_cases_newest", "cases", ["reported_at", "case_id"])
    op.create_index(
        "ix_cases_open",
        "cases",
        ["reported_at", "case_id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_cases_open_place",
        "cases",
        ["issue_code", "lon", "lat"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_cases_registered_at", "cases", ["registered_at"])
    op.create_index("ix_cases_state", "cases", ["state", "reported_at", "case_id"])
    op.create_index(
        "ix_cases_suspended",
        "cases",
        ["suspended_until"],
        unique=False,
        postgresql_where=sa.text("suspended_until IS NOT NULL"),
    )
    op.create_index(
        "ix_cases_yellow",
        "cases",
        ["yellow_at"],
        unique=False,
        postgresql_where=sa.text("lights_told = 0"),
    )
    op.create_index(
        "uq_cases_report_key",
        "cases",
        ["report_key"],
        unique=True,
        postgresql_where=sa.text("report_key IS NOT NULL"),
    )
    op.create_table(
        "intake_positions",
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reader", name=op.f("pk_intake_positions")),
    )
    op.create_table(
        "verdicts",
        sa.Column("verdict_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text()),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("boxes", JSONB),
        sa.Column("issue_code", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("model", JSONB, nullable=False),
        sa.Column("picture", sa.Text()),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("verdict_id", name=op.f("pk_verdicts")),
    )
    op.create_index("ix_verdicts_event_id", "verdicts", ["event_id"])
    op.create_index("ix_verdicts_given_at", "verdicts", ["given_at"])

    op.execute(
        "CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON case_flow "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Drop them."""
    for table in (
        "intake_positions",
        "verdicts",
        "case_pictures",
        "case_events",
        "case_clocks",
        "case_flow",
        "cases",
    ):
        op.drop_table(table)
    op.execute("DROP SEQUENCE case_numbers, case_changes")
