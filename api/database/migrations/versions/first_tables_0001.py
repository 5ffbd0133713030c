"""The first tables: cameras, events, evidence, worker keys, grids and previews."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    _make_cameras()
    _make_events()
    op.create_table(
        "evidence",
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        _moment_of_row("received_at"),
        sa.PrimaryKeyConstraint("sha256", name="pk_evidence"),
    )
    op.create_table(
        "worker_keys",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key_sha256", sa.Text, nullable=False),
        _moment_of_row("created_at"),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("name", name="pk_worker_keys"),
        sa.UniqueConstraint("key_sha256", name="uq_worker_keys_key_sha256"),
    )
    op.execute("CREATE SEQUENCE grid_changes")
    op.create_table(
        "grids",
        sa.Column("unit_grid", sa.Text, nullable=False),
        sa.Column("polygon", JSONB, nullable=False),
        sa.Column(
            "change",
            sa.BigInteger,
            nullable=False,
            server_default=sa.text("nextval('grid_changes')"),
        ),
        sa.PrimaryKeyConstraint("unit_grid", name="pk_grids"),
    )
    op.create_index("ix_grids_change", "grids", ["change"])


def downgrade() -> None:
    """Drop all tables."""
    for table in ("camera_previews", "grids", "worker_keys", "events", "evidence", "cameras"):
        op.drop_table(table)
    op.execute("DROP SEQUENCE event_changes")
    op.execute("DROP SEQUENCE grid_changes")


def _moment_of_row(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")
    )


def _make_cameras() -> None:
    op.create_table(
        "cameras",
        sa.Column("camera_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("stream_url", sa.Text, nullable=False),
        sa.Column("lon", sa.Double, nullable=False),
        sa.Column("lat", sa.Double, nullable=False),
        sa.Column("position_accuracy_m", sa.Double, nullable=False),
        sa.Column("pose", JSONB),
        sa.Column("ground_points", JSONB, nullable=False),
        sa.Column("zones", JSONB, nullable=False),
        sa.Column("issue_types", JSONB, nullable=False),
        sa.Column("look_interval_seconds", sa.Double, nullable=False),
        sa.Column("gb28181_id", sa.Text),
        sa.Column("enabled", sa.Boolean, nullable=False),
        _moment_of_row("updated_at"),
        sa.PrimaryKeyConstraint("camera_id", name="pk_cameras"),
    )
    op.create_table(
        "camera_previews",
        sa.Column("camera_id", sa.Text, nullable=False),
        sa.Column("jpeg", sa.LargeBinary, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("camera_id", name="pk_camera_previews"),
        prefixes=["UNLOGGED"],
    )


def _make_events() -> None:
    op.execute("CREATE SEQUENCE event_changes")
    op.create_table(
        "events",
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column(
            "change",
            sa.BigInteger,
            nullable=False,
            server_default=sa.text("nextval('event_changes')"),
        ),
        sa.Column("schema_version", sa.Integer, nullable=False),
        sa.Column("catalogue_version", sa.Text, nullable=False),
        sa.Column("issue_code", sa.Text, nullable=False),
        sa.Column("camera_id", sa.Text, nullable=False),
        sa.Column("camera_name", sa.Text, nullable=False),
        sa.Column("zone_id", sa.Text),
        sa.Column("unit_grid", sa.Text),
        sa.Column("lon", sa.Double, nullable=False),
        sa.Column("lat", sa.Double, nullable=False),
        sa.Column("location_source", sa.Text, nullable=False),
        sa.Column("accuracy_m", sa.Double, nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True)),
        sa.Column("observed_count", sa.Integer, nullable=False),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("detections", JSONB, nullable=False),
        sa.Column("evidence", JSONB, nullable=False),
        sa.Column("model", JSONB, nullable=False),
        _moment_of_row("received_at"),
        _moment_of_row("updated_at"),
        sa.PrimaryKeyConstraint("event_id", name="pk_events"),
    )
    op.create_index("ix_events_change", "events", ["change"], unique=True)
    op.create_index("ix_events_newest", "events", ["first_seen", "event_id"])
    for column in ("issue_code", "camera_id", "unit_grid"):
        op.create_index(f"ix_events_{column}", "events", [column, "first_seen", "event_id"])
    op.create_index(
        "ix_events_open",
        "events",
        ["first_seen", "event_id"],
        postgresql_where=sa.text("cleared_at IS NULL"),
    )
    op.create_index("ix_events_place", "events", ["lon", "lat"])
