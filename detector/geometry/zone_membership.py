"""Zone membership: which points and boxes of the picture lie in which of a camera's zones."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from detector.geometry.boxes import foot_points
from models.rules.placement import PlacedBy, Placement, ZoneRelation
from streams.zone import Zone, ZoneKind

# A point on a zone's edge is in it. Boxes are float32, so "on the edge" is a band of this
# width, in picture fractions: far below a pixel of any camera.
EDGE_WIDTH = 1e-6

Points = npt.NDArray[np.floating]
Coordinates = npt.NDArray[np.floating]
Boxes = npt.NDArray[np.float32]
Shares = npt.NDArray[np.float64]
Membership = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]


# A box that reaches less than this share of itself over a zone's edge does not cross it: boxes
# shake by about as much.
LEAST_CROSSING_SHARE = 0.02


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
        self._bounds = shapely.bounds(self._shapes).reshape(-1, 4)

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
        rows = np.arange(len(self._zones))
        x, y = points.T[:, None].repeat(len(rows), axis=1)
        return self.inside_each(rows, x, y)

    def inside_each(self, rows: Rows, x: Coordinates, y: Coordinates) -> Membership:
        """Which points lie in their zones, edges included.

        Args:
            rows: Shape (k,): the zones.
            x: Shape (k, n): of the points that each zone is asked about.
            y: The same.

        Returns:
            Shape (k, n).
        """
        left, top, right, bottom = self._bounds.take(rows, axis=0).T[:, :, None]
        members: Membership = (x >= left) & (x <= right)
        members &= (y >= top) & (y <= bottom)
        # Most points are far from most zones; shapely is asked of the others only.
        of_rows, near = members.nonzero()
        if len(near):
            zones = self._shapes[rows[of_rows]]
            members[of_rows, near] = shapely.intersects_xy(
                zones, x[of_rows, near], y[of_rows, near]
            )
        return members

    def touched(self, boxes: Boxes, rows: Rows) -> Membership:
        """Whether boxes reach into zones, were it only at the edge.

        Args:
            boxes: Shape (n, 4): left, top, right, bottom, picture fractions.
            rows: Shape (n,): the zone that each is asked about.

        Returns:
            Shape (n,); a box without area counts by its middle.
        """
        touched, near = self._near(boxes, rows)
        if len(near):
            shapes, zones = _shapes_of(boxes[near]), self._shapes[rows[near]]
            touched[near] = shapely.intersects(zones, shapes)
            self._judge_flat(touched, boxes, rows)
        return touched

    def shares(self, boxes: Boxes, rows: Rows) -> Shares:
        """How much of boxes lies in zones, asked as for ``touched``.

        Returns:
            Shape (n,): 0 to 1; a box without area counts by its middle.
        """
        shares = np.zeros(len(boxes), np.float64)
        _, near = self._near(boxes, rows)
        if not len(near):
            return shares
        shapes, zones = _shapes_of(boxes[near]), self._shapes[rows[near]]
        shares[near] = shapely.covers(zones, shapes)
        partly = np.flatnonzero((shares[near] == 0) & shapely.intersects(zones, shapes))
        if len(partly):
            areas = shapely.area(shapes[partly])
            shared = shapely.area(shapely.intersection(shapes[partly], zones[partly]))
            tiny = np.finfo(np.float64).tiny
            shares[near[partly]] = np.minimum(shared / np.maximum(areas, tiny), 1.0)
        self._judge_flat(shares, boxes, rows)
        return shares

    def _near(self, boxes: Boxes, rows: Rows) -> tuple[Membership, Rows]:
        """Which boxes overlap with the bounds of their zones: shape (n,), and their indices."""
        left, top, right, bottom = self._bounds.take(rows, axis=0).T
        near = (boxes[:, 0] <= right) & (boxes[:, 2] >= left)
        near &= (boxes[:, 1] <= bottom) & (boxes[:, 3] >= top)
        return near, np.flatnonzero(near)

    def _judge_flat(self, judged: Membership | Shares, boxes: Boxes, rows: Rows) -> None:
        """Let boxes without area count by their middle."""
        flat = np.flatnonzero(np.any(boxes[:, 2:] <= boxes[:, :2], axis=1))
        if len(flat):
            middles = (boxes[flat, :2] + boxes[flat, 2:]) / 2
            zones = self._shapes[rows[flat]]
            judged[flat] = shapely.intersects_xy(zones, middles[:, 0], middles[:, 1])

    def covered_share(self, boxes: Boxes, row: int) -> float:
        """Which share of the zone at an index the boxes cover together."""
        if not len(boxes):
            return 0.0
        together = shapely.union_all(_shapes_of(boxes))
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


def _shapes_of(boxes: Boxes) -> npt.NDArray[np.object_]:
    return np.asarray(shapely.box(*boxes.astype(np.float64).T), np.object_)


def goes_by_points(placement: Placement) -> bool:
    """Whether one point of each box decides where it is."""
    return placement.relation is ZoneRelation.INSIDE and placement.by is not PlacedBy.OVERLAP


def box_points(boxes: Boxes, by: PlacedBy) -> Boxes:
    """The foot points or centres of boxes: shape (n, 2)."""
    if by is PlacedBy.FOOT:
        return foot_points(boxes)
    return (boxes[:, :2] + boxes[:, 2:]) / np.float32(2)


def boxes_in_zones(
    placement: Placement, zones: ZoneMembership, boxes: Boxes, rows: Rows
) -> Membership:
    """Which boxes are in zones by what of them lies there: shape (n,).

    Args:
        placement: What "in" means; it must not go by points.
        zones: The camera's zones.
        boxes: Shape (n, 4), picture fractions.
        rows: Shape (n,): the zone that each is asked about.
    """
    if placement.relation is ZoneRelation.TOUCHING:
        return zones.touched(boxes, rows)
    shares = zones.shares(boxes, rows)
    if placement.relation is ZoneRelation.CROSSING:
        return (shares >= LEAST_CROSSING_SHARE) & (shares <= 1 - LEAST_CROSSING_SHARE)
    return shares >= (placement.minimum_share or 0.0)
