"""Merge distance: whether two positions, with their errors, can be one place."""

import math
from dataclasses import dataclass
from typing import Self

from pyproj import Geod

_EARTH = Geod(ellps="WGS84")

# An error circle holds 68 % of the errors; the one that holds 95 % of the same two-dimensional
# normal distribution has this many times its radius.
FROM_68_TO_95 = math.sqrt(math.log(1 - 0.95) / math.log(1 - 0.68))

# Two cameras see two sides of one thing, each with a foot point of its own: half a car's length.
EXTENT_M = 2.0

# A kerb has a parked car every six metres: farther apart, positions say nothing any more.
LARGEST_LIMIT_M = 25.0

# The shortest degree of latitude, at the equator.
_METRES_PER_DEGREE = 110_574.0
LATITUDE_REACH = LARGEST_LIMIT_M / _METRES_PER_DEGREE
"""Degrees of latitude in which everything lies that is near enough; of longitude it takes
``LATITUDE_REACH / cos(latitude)``."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where an event was located.

    Attributes:
        lon: Longitude, WGS-84 degrees.
        lat: Latitude.
        accuracy_m: Radius of the circle that holds 68 % of its errors.
    """

    lon: float
    lat: float
    accuracy_m: float


@dataclass(frozen=True, slots=True)
class MergeDistance:
    """How far two positions lie apart, and how far they might.

    Attributes:
        distance_m: Their distance on the ellipsoid.
        limit_m: The largest at which they can be one place: what 19 of 20 such pairs of
            positions of one place would not exceed.
    """

    distance_m: float
    limit_m: float

    @classmethod
    def between(cls, first: Position, second: Position) -> Self:
        """The distance of two positions; which of them is the first makes no difference."""
        _, _, distance = _EARTH.inv(first.lon, first.lat, second.lon, second.lat)
        # The errors of two cameras have nothing to do with each other, so their squares add up.
        joint = math.hypot(first.accuracy_m, second.accuracy_m)
        limit = min(LARGEST_LIMIT_M, EXTENT_M + FROM_68_TO_95 * joint)
        return cls(float(distance), limit)

    @property
    def is_plausible(self) -> bool:
        """Whether they can be one place."""
        return self.distance_m <= self.limit_m
