"""The components nearest to a place, found by the database's index."""

import math
from collections.abc import Collection
from dataclasses import dataclass

from pyproj import Geod
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.dispatch.component import Component

_EARTH = Geod(ellps="WGS84")

# First as many as are wanted by their distance in degrees, in the order of the index. Degrees of
# longitude are shorter than those of latitude, so that others may be nearer in metres; but none
# that is, lies farther than the farthest of these. So all within that are looked at again.
_NEAREST = text(
    """
    WITH near AS MATERIALIZED (
        SELECT lon, lat FROM components
        WHERE point(lon, lat) <@ box(
            point(:lon - :reach / :stretch, :lat - :reach),
            point(:lon + :reach / :stretch, :lat + :reach)
        ) AND type_code = ANY(:types)
        ORDER BY point(lon, lat) <-> point(:lon, :lat) LIMIT :count
    ), bound AS MATERIALIZED (
        SELECT :margin * max(sqrt(power((lon - :lon) * :stretch, 2) + power(lat - :lat, 2)))
            AS reach
        FROM near
    )
    SELECT component_id, type_code, lon, lat, unit_id FROM components, bound
    WHERE point(lon, lat) <@ box(
        point(:lon - bound.reach / :stretch, :lat - bound.reach),
        point(:lon + bound.reach / :stretch, :lat + bound.reach)
    ) AND type_code = ANY(:types)
    ORDER BY power((lon - :lon) * :stretch, 2) + power(lat - :lat, 2), component_id LIMIT :count
    """
)
# Keeps what lies on the edge of a box inside, whatever the last bit of a number says.
_MARGIN = 1.000001
# Some metres, over which a degree of longitude or latitude hardly changes its length.
_STEP_DEGREES = 1e-4


@dataclass(frozen=True, slots=True)
class NearComponent:
    """A component and how far it is from the place that was asked about, in metres."""

    component: Component
    distance_m: float


class ComponentFinder:
    """Looks for components in the database, in under a millisecond among a million.

    Args:
        connection: Where to ask.
        radius_m: Farther ones are none, metres.
    """

    def __init__(self, connection: AsyncConnection, radius_m: float) -> None:
        self._connection = connection
        self._radius_m = radius_m

    async def nearest(
        self, lon: float, lat: float, types: Collection[str], count: int = 1
    ) -> list[NearComponent]:
        """The components nearest to a place, by their distance on the ellipsoid.

        Args:
            lon: Longitude, WGS-84 degrees.
            lat: Latitude.
            types: Only components of these kinds.
            count: At most so many.
        """
        if not types:
            return []
        degree_m = _metres(lon, lat, lon, lat + _STEP_DEGREES) / _STEP_DEGREES
        stretch = _metres(lon, lat, lon + _STEP_DEGREES, lat) / _STEP_DEGREES / degree_m
        found = await self._connection.execute(
            _NEAREST,
            {
                "lon": lon,
                "lat": lat,
                "types": sorted(types),
                "count": count,
                "stretch": stretch,
                "reach": self._radius_m * _MARGIN / degree_m,
                "margin": _MARGIN,
            },
        )
        several = [
            NearComponent(Component(*row), _metres(lon, lat, row.lon, row.lat)) for row in found
        ]
        return sorted(
            (one for one in several if one.distance_m <= self._radius_m),
            key=lambda one: (one.distance_m, one.component.component_id),
        )


def _metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    distance = float(_EARTH.inv(lon, lat, other_lon, other_lat)[2])
    return distance if math.isfinite(distance) else math.inf
