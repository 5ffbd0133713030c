"""Open cases that a new matter is one with: the same type, close by, not long ago."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from pyproj import Geod
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.cases.case import Case
from api.cases.case_settings import CaseSettings
from api.database.case_tables import cases

_EARTH = Geod(ellps="WGS84")
# The shortest degree of latitude, at the equator.
_METRES_PER_DEGREE = 110_574.0
# Beyond the last degree of latitude there are no streets.
_LAST_LATITUDE = 89.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A matter's type and place.

    Attributes:
        issue_code: The type.
        lon: WGS-84 longitude, degrees.
        lat: WGS-84 latitude, degrees.
    """

    issue_code: str
    lon: float
    lat: float


async def open_case_at(
    connection: AsyncConnection, spot: Spot, now: datetime, settings: CaseSettings
) -> Case | None:
    """Return the nearest open case that a matter is one with, locked; None if there is none."""
    reach = settings.merge_distance_m / _METRES_PER_DEGREE
    stretch = math.cos(math.radians(min(abs(spot.lat), _LAST_LATITUDE)))
    statement = (
        select(cases)
        .where(
            cases.c.ended_at.is_(None),
            cases.c.issue_code == spot.issue_code,
            cases.c.lon.between(spot.lon - reach / stretch, spot.lon + reach / stretch),
            cases.c.lat.between(spot.lat - reach, spot.lat + reach),
            cases.c.reported_at >= now - timedelta(hours=settings.merge_hours),
        )
        .with_for_update()
    )
    found = [Case.of(dict(row)) for row in (await connection.execute(statement)).mappings()]
    near = [(_distance_m(spot, case), case.case_id, case) for case in found]
    within = [one for one in near if one[0] <= settings.merge_distance_m]
    return min(within, default=(0.0, "", None), key=lambda one: one[:2])[2]


def _distance_m(spot: Spot, case: Case) -> float:
    _, _, metres = _EARTH.inv(spot.lon, spot.lat, case.lon, case.lat)
    return float(metres)
