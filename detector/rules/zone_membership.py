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
        self._shapes = np.array(
            [
                shapely.Polygon(zone.polygon).buffer(EDGE_WIDTH, join_style="mitre")
                for zone in zones
            ],
            np.object_,
        )
        shapely.prepare(self._shapes)
        self._cells: dict[tuple[int, tuple[int, int]], Membership] = {}
        self._bounds = shapely.bounds(self._shapes)
        # Left, top, right and bottom of all zones, each of shape (zones, 1).
        self._reach = self._bounds.T[:, :, None]

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
        if not self._zones or not len(points):
            return np.zeros((len(self._zones), len(points)), np.bool_)
        x, y = points[:, 0], points[:, 1]
        left, top, right, bottom = self._reach
        members: Membership = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
        # Most points are far from most zones; shapely is asked of the others only.
        zones, near = members.nonzero()
        members[zones, near] = shapely.intersects_xy(self._shapes[zones], x[near], y[near])
        return members

    def shares(self, boxes: Boxes, row: int) -> Shares:
        """How much of each box lies in the zone at an index.

        Args:
            boxes: Shape (n, 4): left, top, right, bottom, picture fractions.
            row: The zone.

        Returns:
            Shape (n,): 0 to 1; a box without area counts by its middle.
        """
        shares = np.zeros(len(boxes), np.float64)
        left, top, right, bottom = self._bounds[row]
        near = np.flatnonzero(
            (boxes[:, 0] <= right)
            & (boxes[:, 2] >= left)
            & (boxes[:, 1] <= bottom)
            & (boxes[:, 3] >= top)
        )
        if not len(near):
            return shares
        shapes = shapely.box(*boxes[near].astype(np.float64).T)
        areas = shapely.area(shapes)
        shared = shapely.area(shapely.intersection(shapes, self._shapes[row]))
        middles = (boxes[near, :2] + boxes[near, 2:]) / 2
        flat = areas <= 0
        shares[near] = np.where(
            flat,
            shapely.intersects_xy(self._shapes[row], middles[:, 0], middles[:, 1]),
            np.minimum(shared / np.where(flat, 1.0, areas), 1.0),
        )
        return shares

    def covered_share(self, boxes: Boxes, row: int) -> float:
        """Which share of the zone at an index the boxes cover together."""
        if not len(boxes):
            return 0.0
        together = shapely.union_all(shapely.box(*boxes.astype(np.float64).T))
        shape = self._shapes[row]
        return float(shapely.area(shapely.intersection(together, shape)) / shapely.area(shape))

    def cells(self, row: int, grid: tuple[int, int]) -> Membership:
        """Which parts of the picture lie in the zone at an index, by their middles.

        Args:
            row: The zone.
            grid: Rows and columns of equal parts that the picture is cut into.

        Returns:
            Shape ``grid``. Of a zone too small for any middle, the part that its own lies in.
        """
        if (row, grid) not in self._cells:
            self._cells[row, grid] = self._cells_of(row, grid)
        return self._cells[row, grid]

    def _cells_of(self, row: int, grid: tuple[int, int]) -> Membership:
        rows, columns = grid
        x, y = np.meshgrid((np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows)
        cells: Membership = shapely.intersects_xy(self._shapes[row], x, y)
        if not cells.any():
            middle = shapely.point_on_surface(self._shapes[row])
            down, right = np.clip((middle.y, middle.x), 0.0, 1.0 - EDGE_WIDTH) * grid
            cells[int(down), int(right)] = True
        return cells

    def bounds(self, row: int) -> Boxes:
        """The smallest box around the zone at an index: shape (4,), picture fractions."""
        bounds: Boxes = np.clip(self._bounds[row], 0.0, 1.0).astype(np.float32)
        return bounds

    def outline(self, row: int) -> npt.NDArray[np.float64]:
        """Corners of the zone at an index: shape (corners, 2), picture fractions."""
        return np.array(self._zones[row].polygon, np.float64)
