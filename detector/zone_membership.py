"""Zone membership: which points of the picture lie in which of a camera's zones."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from streams.zone import Zone, ZoneKind

# A point on a zone's edge is in it. Boxes are float32, so "on the edge" is a band of this
# width, in picture fractions: far below a pixel of any camera.
EDGE_WIDTH = 1e-6

Points = npt.NDArray[np.float32]
Membership = npt.NDArray[np.bool_]


class ZoneMembership:
    """The zones of one camera, prepared for many look-ups.

    Args:
        zones: The camera's zones.
    """

    def __init__(self, zones: Sequence[Zone]) -> None:
        self._zones = tuple(zones)
        self._shapes = [
            shapely.Polygon(zone.polygon).buffer(EDGE_WIDTH, join_style="mitre") for zone in zones
        ]
        shapely.prepare(self._shapes)

    def rows_of(self, kinds: Collection[ZoneKind]) -> tuple[int, ...]:
        """Indices of the zones of these kinds, in the camera's order."""
        return tuple(index for index, zone in enumerate(self._zones) if zone.kind in kinds)

    def zone_id(self, row: int) -> str:
        """Id of the zone at an index."""
        return self._zones[row].zone_id

    def inside(self, points: Points) -> Membership:
        """Which points lie in which zones, edges included.

        Args:
            points: Shape (n, 2): x and y, picture fractions.

        Returns:
            Shape (zones, n).
        """
        members = np.zeros((len(self._shapes), len(points)), np.bool_)
        if len(points):
            for row, shape in enumerate(self._shapes):
                members[row] = shapely.intersects_xy(shape, points[:, 0], points[:, 1])
        return members
