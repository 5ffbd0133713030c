"""What the head of a page counts, of cameras and events."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select

from api.database.database import Database
from api.database.reports import still_counts
from api.database.tables import camera_conditions, camera_previews, cameras, events
from api.events.event_query import of_kinds
from api.grids.ground_reach import EVERYWHERE, GroundReach
from models.catalogue.issue_catalogue import IssueCatalogue
from models.words import STREET_KINDS

# A worker shows each camera at least once a second; ten missing ones are no hiccup.
LIVE_FOR = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class DistrictFigures:
    """What the head of the page counts; faults of cameras are no events here.

    Attributes:
        open_events: Events that stand now.
        found_today: Events first seen since midnight.
        cleared_today: Events found gone since midnight.
        cameras_live: Enabled cameras with a picture of the last ten seconds that can be trusted:
            no fault that blinds them stands or is suspected.
        cameras: Enabled cameras.
    """

    open_events: int
    found_today: int
    cleared_today: int
    cameras_live: int
    cameras: int


class FigureReader:
    """Counts, each time anew.

    Args:
        database: Where cameras and events are.
        catalogue: Which kind each issue type is of.
    """

    def __init__(self, database: Database, catalogue: IssueCatalogue) -> None:
        self._database = database
        self._catalogue = catalogue

    async def read(self, time_zone: ZoneInfo, reach: GroundReach = EVERYWHERE) -> DistrictFigures:
        """Count what there is now on some ground; midnight is that of ``time_zone``."""
        now = datetime.now(UTC)
        midnight = now.astimezone(time_zone).replace(hour=0, minute=0, second=0, microsecond=0)
        enabled = select(func.count()).select_from(cameras).where(cameras.c.enabled)
        enabled = enabled.where(reach.condition(cameras.c.unit_grid))
        street = select(func.count()).where(of_kinds(STREET_KINDS, self._catalogue))
        street = street.where(reach.condition(events.c.unit_grid))
        blind = exists().where(
            camera_conditions.c.camera_id == cameras.c.camera_id,
            camera_conditions.c.blind,
            still_counts(camera_conditions),
        )
        statement = select(
            street.where(events.c.cleared_at.is_(None)).scalar_subquery(),
            street.where(events.c.first_seen >= midnight).scalar_subquery(),
            street.where(events.c.cleared_at >= midnight).scalar_subquery(),
            enabled.join(camera_previews, camera_previews.c.camera_id == cameras.c.camera_id)
            .where(camera_previews.c.captured_at >= now - LIVE_FOR, ~blind)
            .scalar_subquery(),
            enabled.scalar_subquery(),
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one()
        return DistrictFigures(*row)
