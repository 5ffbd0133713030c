"""Zone membership: which points of the picture lie in which of a camera's zones."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from streams.zone import Zone, ZoneKind

# A point on a zone's edge is in it. Boxes are float32, so "on the edge" is a band of this
# width, in picture fractions: far below a pixel of any camera.
EDGE_WIDTH = 1e-6

Points = npt.NDArray[np.floating]
Boxes = npt.NDArray[np.float32]
Shares = npt.NDArray[np.float64]
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

    def shares(self, boxes: Boxes) -> Shares:
        """How much of each box lies in each zone.

        Args:
            boxes: Shape (n, 4): left, top, right, bottom, picture fractions.

        Returns:
            Shape (zones, n): 0 to 1; a box without area counts by its middle.
        """
        shares = np.zeros((len(self._shapes), len(boxes)), np.float64)
        if not len(boxes):
            return shares
        shapes = shapely.box(*boxes.astype(np.float64).T)
        areas = shapely.area(shapes)
        flat = areas <= 0
        for row, shape in enumerate(self._shapes):
            shared = shapely.area(shapely.intersection(shapes, shape))
            shares[row] = np.minimum(shared / np.where(flat, 1.0, areas), 1.0)
        if flat.any():
            shares[:, flat] = self.inside((boxes[flat, :2] + boxes[flat, 2:]) / 2)
        return shares

    def covered_share(self, boxes: Boxes, row: int) -> float:
        """Which share of the zone at an index the boxes cover together."""
        if not len(boxes):
            return 0.0
        together = shapely.union_all(shapely.box(*boxes.astype(np.float64).T))
        shape = self._shapes[row]
        return float(shapely.area(shapely.intersection(together, shape)) / shapely.area(shape))

    def bounds(self, row: int) -> Boxes:
        """The smallest box around the zone at an index: shape (4,), picture fractions."""
        return np.clip(np.array(self._shapes[row].bounds, np.float32), 0.0, 1.0)

    def outline(self, row: int) -> npt.NDArray[np.float64]:
        """Corners of the zone at an index: shape (corners, 2), picture fractions."""
        return np.array(self._zones[row].polygon, np.float64)
