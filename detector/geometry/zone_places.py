"""Zone places: which boxes of a look lie in which zones, in each way a rule may mean it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from detector.geometry.places import foot_points
from detector.geometry.zone_membership import Boxes, Membership, Rows, ZoneMembership
from models.rules.placement import PlacedBy, Placement, ZoneRelation

# A box that reaches less than this share of itself over a zone's edge does not cross it: boxes
# shake by about as much.
LEAST_CROSSING_SHARE = 0.02


@dataclass(slots=True, eq=False)
class ZonePlaces:
    """The boxes of one look in the zones of one camera; each answer is worked out once.

    Attributes:
        zones: The camera's zones.
        boxes: Shape (n, 4), picture fractions.
    """

    zones: ZoneMembership
    boxes: Boxes
    _of_points: dict[PlacedBy, Membership] = field(default_factory=dict, init=False)

    def members(self, placement: Placement, rows: Sequence[int]) -> Membership:
        """Which boxes are in which of some zones: shape (rows, n). Not to be written to.

        Args:
            placement: What "in" means.
            rows: The zones.
        """
        if goes_by_points(placement):
            return self.of_points(placement.by).take(rows, axis=0)
        count = len(self.boxes)
        boxes, of_rows = np.tile(self.boxes, (len(rows), 1)), np.repeat(rows, count)
        return boxes_in_zones(placement, self.zones, boxes, of_rows).reshape(len(rows), count)

    def of_points(self, by: PlacedBy) -> Membership:
        """Which boxes lie in which zones by foot or centre: (zones, n). Not to be written to."""
        if by not in self._of_points:
            self._of_points[by] = self.zones.inside(box_points(self.boxes, by))
        return self._of_points[by]


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
