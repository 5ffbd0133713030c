"""Who handles what: units, responsibilities, the duty roster and registered components."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the four tables."""
    op.execute("CREATE SEQUENCE dispatch_changes")
    op.create_table(
        "organisation_units",
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("parent_id", sa.Text),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("division_code", sa.Text),
        sa.Column("department_key", sa.Text),
        _change(),
        sa.PrimaryKeyConstraint("unit_id", name="pk_organisation_units"),
    )
    op.create_index(
        "ix_organisation_units_path",
        "organisation_units",
        ["path"],
        postgresql_ops={"path": "text_pattern_ops"},
    )
    op.create_table(
        "responsibilities",
        sa.Column("responsibility_id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("issue_pattern", sa.Text, nullable=False),
        sa.Column("grid_prefix", sa.Text, nullable=False),
        sa.Column("component_type", sa.Text),
        sa.Column("hours", sa.Text),
        sa.Column("unit_id", sa.Text, nullable=False),
        _change(),
        sa.PrimaryKeyConstraint("responsibility_id", name="pk_responsibilities"),
    )
    op.create_table(
        "duty_roster",
        sa.Column("shift_id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        _change(),
        sa.PrimaryKeyConstraint("shift_id", name="pk_duty_roster"),
    )
    op.create_index("ix_duty_roster_unit_id", "duty_roster", ["unit_id", "starts_at"])
    for table in ("organisation_units", "responsibilities", "duty_roster"):
        op.create_index(f"ix_{table}_change", table, ["change"])
    _make_components()


def downgrade() -> None:
    """Drop them."""
    for table in ("components", "duty_roster", "responsibilities", "organisation_units"):
        op.drop_table(table)
    op.execute("DROP SEQUENCE dispatch_changes")


def _change() -> sa.Column[int]:
    return sa.Column(
        "change",
        sa.BigInteger,
        nullable=False,
        server_default=sa.text("nextval('dispatch_changes')"),
    )


def _make_components() -> None:
    op.create_table(
        "components",
        sa.Column("component_id", sa.Text, nullable=False),
        sa.Column("type_code", sa.Text, nullable=False),
        sa.Column("lon", sa.Double, nullable=False),
        sa.Column("lat", sa.Double, nullable=False),
        sa.Column("unit_id", sa.Text),
        sa.PrimaryKeyConstraint("component_id", name="pk_components"),
    )
    op.create_index(
        "ix_components_place", "components", [sa.text("point(lon, lat)")], postgresql_using="gist"
    )
