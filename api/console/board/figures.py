"""What the console counts and lists of cameras and events."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from api.console.board.camera_tiles import TileCamera
from api.console.board.shown_kinds import ShownKinds
from api.database.database import Database
from api.database.tables import camera_previews, cameras, events
from api.events.event_query import of_kinds
from models.catalogue.issue_catalogue import IssueCatalogue

# A worker shows each camera at least once a second; ten missing ones are no hiccup.
LIVE_FOR = timedelta(seconds=10)
# Some milliseconds of work.
CAMERAS_PER_PART = 2000


@dataclass(frozen=True, slots=True)
class DistrictFigures:
    """What the head of the page counts; faults of cameras are no events here.

    Attributes:
        open_events: Events that stand now.
        found_today: Events first seen since midnight.
        cleared_today: Events found gone since midnight.
        cameras_live: Enabled cameras with a picture of the last ten seconds.
        cameras: Enabled cameras.
    """

    open_events: int
    found_today: int
    cleared_today: int
    cameras_live: int
    cameras: int


async def read_figures(
    database: Database, time_zone: ZoneInfo, catalogue: IssueCatalogue
) -> DistrictFigures:
    """Count; midnight is that of ``time_zone``, kinds are those of ``catalogue``."""
    now = datetime.now(UTC)
    midnight = now.astimezone(time_zone).replace(hour=0, minute=0, second=0, microsecond=0)
    enabled = select(func.count()).select_from(cameras).where(cameras.c.enabled)
    street = select(func.count()).where(of_kinds(ShownKinds.STREET.kinds, catalogue))
    statement = select(
        street.where(events.c.cleared_at.is_(None)).scalar_subquery(),
        street.where(events.c.first_seen >= midnight).scalar_subquery(),
        street.where(events.c.cleared_at >= midnight).scalar_subquery(),
        enabled.join(camera_previews, camera_previews.c.camera_id == cameras.c.camera_id)
        .where(camera_previews.c.captured_at >= now - LIVE_FOR)
        .scalar_subquery(),
        enabled.scalar_subquery(),
    )
    async with database.reading() as connection:
        row = (await connection.execute(statement)).one()
    return DistrictFigures(*row)


async def read_tile_cameras(database: Database) -> tuple[TileCamera, ...]:
    """Return the enabled cameras in the order of their ids.

    A part at a time, so that the event loop is not held for a whole city's.
    """
    statement = (
        select(cameras.c.camera_id, cameras.c.name)
        .where(cameras.c.enabled)
        .order_by(cameras.c.camera_id)
        .limit(CAMERAS_PER_PART)
    )
    found: list[TileCamera] = []
    last = ""
    while True:
        async with database.reading() as connection:
            rows = (await connection.execute(statement.where(cameras.c.camera_id > last))).all()
        found += [TileCamera(*row) for row in rows]
        if len(rows) < CAMERAS_PER_PART:
            return tuple(found)
        last = rows[-1].camera_id


async def read_pictured(database: Database, camera_ids: Collection[str]) -> frozenset[str]:
    """Return those of the cameras that have a newest picture, however old."""
    statement = select(camera_previews.c.camera_id).where(
        camera_previews.c.camera_id.in_(camera_ids)
    )
    async with database.reading() as connection:
        return frozenset((await connection.execute(statement)).scalars())
