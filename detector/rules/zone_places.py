"""Zone places: which boxes of a look lie in which zones, in each way a rule may mean it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from detector.class_groups import foot_points
from detector.rules.zone_membership import Membership, Shares, ZoneMembership
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
    boxes: npt.NDArray[np.float32]
    _points: dict[PlacedBy, Membership] = field(default_factory=dict, init=False)
    _shares: dict[int, Shares] = field(default_factory=dict, init=False)

    def members(self, placement: Placement, rows: Sequence[int]) -> Membership:
        """Which boxes are in which of some zones: shape (rows, n). Not to be written to."""
        if placement.relation is ZoneRelation.INSIDE and placement.by is not PlacedBy.OVERLAP:
            return self._of_points(placement.by).take(rows, axis=0)
        shares = np.array([self._shares_of(row) for row in rows]).reshape(-1, len(self.boxes))
        match placement.relation:
            case ZoneRelation.TOUCHING:
                return shares > 0
            case ZoneRelation.CROSSING:
                return (shares >= LEAST_CROSSING_SHARE) & (shares <= 1 - LEAST_CROSSING_SHARE)
            case ZoneRelation.INSIDE:
                return shares >= (placement.minimum_share or 0.0)

    def _of_points(self, by: PlacedBy) -> Membership:
        if by not in self._points:
            centres = (self.boxes[:, :2] + self.boxes[:, 2:]) / 2
            points = foot_points(self.boxes) if by is PlacedBy.FOOT else centres
            self._points[by] = self.zones.inside(points)
        return self._points[by]

    def _shares_of(self, row: int) -> Shares:
        if row not in self._shares:
            self._shares[row] = self.zones.shares(self.boxes, row)
        return self._shares[row]
