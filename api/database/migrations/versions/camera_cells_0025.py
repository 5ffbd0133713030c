"""In which cell each camera stands, and what finds the events and cameras of a unit's ground."""

import sqlalchemy as sa
from alembic import op
from shapely import Point, Polygon, STRtree

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Make the column, fill it, and make the indexes."""
    op.add_column("cameras", sa.Column("unit_grid", sa.Text()))
    _place_cameras()
    op.create_index(
        "ix_cameras_unit_grid",
        "cameras",
        ["unit_grid"],
        postgresql_ops={"unit_grid": "text_pattern_ops"},
    )
    op.create_index(
        "ix_events_ground",
        "events",
        ["unit_grid"],
        postgresql_ops={"unit_grid": "text_pattern_ops"},
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_events_ground", "events")
    op.drop_index("ix_cameras_unit_grid", "cameras")
    op.drop_column("cameras", "unit_grid")


def _place_cameras() -> None:
    connection = op.get_bind()
    cells = connection.exec_driver_sql("SELECT unit_grid, polygon FROM grids").all()
    if not cells:
        return
    rings = [cell.polygon["coordinates"] for cell in cells]
    tree = STRtree([Polygon(ring[0], ring[1:]) for ring in rings])
    update = sa.text("UPDATE cameras SET unit_grid = :cell WHERE camera_id = :camera")
    for camera in connection.exec_driver_sql("SELECT camera_id, lon, lat FROM cameras").all():
        found = tree.query(Point(camera.lon, camera.lat), predicate="intersects")
        if len(found):
            cell = min(cells[index].unit_grid for index in found)
            connection.execute(update, {"cell": cell, "camera": camera.camera_id})
