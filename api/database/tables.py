"""The tables of cameras, events and models; ``schema`` has all there are."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from api.database.table_metadata import metadata

event_changes = Sequence("event_changes", metadata=metadata)
grid_changes = Sequence("grid_changes", metadata=metadata)

cameras = Table(
    "cameras",
    metadata,
    Column("camera_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("stream_url", Text, nullable=False),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("position_accuracy_m", Double, nullable=False),
    Column("pose", JSONB(none_as_null=True)),
    Column("ground_points", JSONB, nullable=False),
    Column("presets", JSONB, nullable=False, server_default=text("'[]'")),
    Column("zones", JSONB, nullable=False),
    Column("lines", JSONB, nullable=False, server_default=text("'[]'")),
    Column("issue_types", JSONB, nullable=False),
    Column("look_interval_seconds", Double, nullable=False),
    Column("gb28181_id", Text),
    Column("enabled", Boolean, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    # The management cell it stands in: as it was given, or as the cells were last replaced.
    Column("unit_grid", Text),
    Index("ix_cameras_unit_grid", "unit_grid", postgresql_ops={"unit_grid": "text_pattern_ops"}),
)

evidence = Table(
    "evidence",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    # When it was last uploaded.
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    # When it is worked out anew whether its period is over.
    Column("look_again_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    # Why it is being deleted; none while it is kept.
    Column("deletion", JSONB(none_as_null=True)),
    Index("ix_evidence_look_again_at", "look_again_at", postgresql_where=text("deletion IS NULL")),
    Index("ix_evidence_deletion", "sha256", postgresql_where=text("deletion IS NOT NULL")),
)

events = Table(
    "events",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("change", BigInteger, nullable=False, server_default=event_changes.next_value()),
    Column("schema_version", Integer, nullable=False),
    Column("catalogue_version", Text, nullable=False),
    Column("issue_code", Text, nullable=False),
    Column("camera_id", Text, nullable=False),
    # As it was when the event came: a camera may be deleted, its events stay.
    Column("camera_name", Text, nullable=False),
    Column("zone_id", Text),
    Column("unit_grid", Text),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("location_source", Text, nullable=False),
    Column("accuracy_m", Double, nullable=False),
    Column("first_seen", DateTime(timezone=True), nullable=False),
    Column("last_seen", DateTime(timezone=True), nullable=False),
    Column("cleared_at", DateTime(timezone=True)),
    Column("observed_count", Integer, nullable=False),
    Column("unwatched_seconds", Double, nullable=False, server_default=text("0")),
    Column("score", Double, nullable=False),
    Column("detections", JSONB, nullable=False),
    Column("evidence", JSONB, nullable=False),
    Column("model", JSONB, nullable=False),
    Column("measured", Text),
    Column("confirmation", JSONB(none_as_null=True)),
    # No foreign key: the earlier event may come later, or have been cleaned away.
    Column("recurrence_of", Text),
    Column("recurrence_number", Integer, nullable=False, server_default=text("0")),
    # Ours, not the worker's: see merge_proposals.
    Column("merged_into", Text),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Index("ix_events_change", "change", unique=True),
    Index("ix_events_newest", "first_seen", "event_id"),
    Index("ix_events_issue_code", "issue_code", "first_seen", "event_id"),
    Index("ix_events_camera_id", "camera_id", "first_seen", "event_id"),
    Index("ix_events_unit_grid", "unit_grid", "first_seen", "event_id"),
    # All that lies below a unit, which may be nothing.
    Index("ix_events_ground", "unit_grid", postgresql_ops={"unit_grid": "text_pattern_ops"}),
    Index("ix_events_open", "first_seen", "event_id", postgresql_where=text("cleared_at IS NULL")),
    Index(
        "ix_events_confirmation",
        text("(confirmation ->> 'status')"),
        "first_seen",
        "event_id",
        postgresql_where=text("confirmation IS NOT NULL"),
    ),
    Index("ix_events_place", "lon", "lat"),
    Index("ix_events_typed_place", "issue_code", "lon", "lat"),
    Index(
        "ix_events_recurrence_of",
        "recurrence_of",
        postgresql_where=text("recurrence_of IS NOT NULL"),
    ),
    Index("ix_events_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    # Which events a picture belongs to.
    Index(
        "ix_events_pictures",
        text("jsonb_path_query_array(evidence, '$[*].sha256')"),
        postgresql_using="gin",
    ),
)

merge_proposals = Table(
    "merge_proposals",
    metadata,
    Column("proposal_id", BigInteger, Identity(always=True), primary_key=True),
    Column("older_event_id", Text, nullable=False),
    Column("younger_event_id", Text, nullable=False),
    Column("distance_m", Double, nullable=False),
    Column("limit_m", Double, nullable=False),
    Column("status", Text, nullable=False, server_default="proposed"),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("decided_at", DateTime(timezone=True)),
    Column("decided_by", Text),
    Column("reason", Text),
    CheckConstraint("older_event_id < younger_event_id", name="ck_merge_proposals_pair_in_order"),
    Index("uq_merge_proposals_pair", "older_event_id", "younger_event_id", unique=True),
    Index("ix_merge_proposals_younger", "younger_event_id"),
)

worker_keys = Table(
    "worker_keys",
    metadata,
    Column("name", Text, primary_key=True),
    Column("key_sha256", Text, nullable=False, unique=True),
    # Names of KeyScope.
    Column("scopes", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("expires_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
)

grids = Table(
    "grids",
    metadata,
    Column("unit_grid", Text, primary_key=True),
    Column("polygon", JSONB, nullable=False),
    Column("change", BigInteger, nullable=False, server_default=grid_changes.next_value()),
    Index("ix_grids_change", "change"),
)

# Only grows: the row that is current says how a model stands, the others how it came to that.
model_changes = Table(
    "model_changes",
    metadata,
    Column("change_id", BigInteger, Identity(always=True), primary_key=True),
    # Which cameras it concerns. Only the whole district so far.
    Column("scope", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    # None while the model is out of service.
    Column("version", Text),
    Column("files", JSONB, nullable=False),
    Column("note", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("changed_by", Text, nullable=False),
    Column("in_service_since", DateTime(timezone=True)),
    # The change whose version a rollback makes live again.
    Column("change_before", BigInteger),
    Column("is_current", Boolean, nullable=False),
    Index(
        "uq_model_changes_current",
        "scope",
        "name",
        unique=True,
        postgresql_where=text("is_current"),
    ),
)

# What workers say they run. A row that is long overdue counts no more.
worker_models = Table(
    "worker_models",
    metadata,
    Column("worker", Text, primary_key=True),
    Column("models", JSONB, nullable=False),
    Column("next_report_seconds", Double, nullable=False),
    Column("reported_by", Text, nullable=False),
    Column("reported_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

# Unlogged: the newest picture of each camera is worth nothing after a crash of the database,
# and would otherwise fill its log.
camera_previews = Table(
    "camera_previews",
    metadata,
    Column("camera_id", Text, primary_key=True),
    Column("jpeg", LargeBinary, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("captured_at", DateTime(timezone=True), nullable=False),
    prefixes=["UNLOGGED"],
)

# What workers say is wrong with cameras now; unlogged, as a crash outdates it. A row that is long
# overdue counts no more.
camera_conditions = Table(
    "camera_conditions",
    metadata,
    Column("camera_id", Text, primary_key=True),
    Column("faults", JSONB, nullable=False),
    # Whether one of them holds the camera's rules.
    Column("blind", Boolean, nullable=False),
    Column("next_report_seconds", Double, nullable=False),
    Column("reported_by", Text, nullable=False),
    Column("reported_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    prefixes=["UNLOGGED"],
)

# What the worker that watches a camera knows of it; no more than that worker looks into it.
camera_memories = Table(
    "camera_memories",
    metadata,
    Column("camera_id", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("kept_by", Text, nullable=False),
    Column("latest_look", DateTime(timezone=True), nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("health", LargeBinary),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

# What a view of a camera should show: a picture that an operator gave.
camera_references = Table(
    "camera_references",
    metadata,
    Column("camera_id", Text, nullable=False),
    Column("preset", Text, nullable=False),
    Column("jpeg", LargeBinary, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("given_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    PrimaryKeyConstraint("camera_id", "preset"),
)
