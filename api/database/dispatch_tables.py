"""The tables out of which a matter finds who handles it; a city imports them all together."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Double,
    Identity,
    Index,
    Sequence,
    Table,
    Text,
    text,
)

from api.database.table_metadata import metadata

dispatch_changes = Sequence("dispatch_changes", metadata=metadata)

organisation_units = Table(
    "organisation_units",
    metadata,
    Column("unit_id", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("parent_id", Text),
    # "/city/district/town/": all units below one are those whose path starts with its own.
    Column("path", Text, nullable=False),
    Column("division_code", Text),
    Column("department_key", Text),
    Column("change", BigInteger, nullable=False, server_default=dispatch_changes.next_value()),
    Index("ix_organisation_units_path", "path", postgresql_ops={"path": "text_pattern_ops"}),
    Index("ix_organisation_units_change", "change"),
)

responsibilities = Table(
    "responsibilities",
    metadata,
    Column("responsibility_id", BigInteger, Identity(always=True), primary_key=True),
    Column("issue_pattern", Text, nullable=False),
    Column("grid_prefix", Text, nullable=False),
    Column("component_type", Text),
    Column("hours", Text),
    Column("unit_id", Text, nullable=False),
    Column("change", BigInteger, nullable=False, server_default=dispatch_changes.next_value()),
    Index("ix_responsibilities_change", "change"),
)

duty_roster = Table(
    "duty_roster",
    metadata,
    Column("shift_id", BigInteger, Identity(always=True), primary_key=True),
    Column("unit_id", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("change", BigInteger, nullable=False, server_default=dispatch_changes.next_value()),
    Index("ix_duty_roster_unit_id", "unit_id", "starts_at"),
    Index("ix_duty_roster_change", "change"),
)

components_by_place = Index("ix_components_place", text("point(lon, lat)"), postgresql_using="gist")
# A city has 1.2 million of them: they are looked for here and never held in memory.
components = Table(
    "components",
    metadata,
    Column("component_id", Text, primary_key=True),
    Column("type_code", Text, nullable=False),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("unit_id", Text),
    components_by_place,
)
