"""Zone places: which boxes of a look lie in which zones, in each way a rule may mean it."""

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
    _known: dict[Placement, Membership] = field(default_factory=dict, init=False)
    _shares: Shares | None = field(default=None, init=False)

    def members(self, placement: Placement) -> Membership:
        """Which boxes are in which zones: shape (zones, n). Not to be written to."""
        if placement not in self._known:
            self._known[placement] = self._work_out(placement)
        return self._known[placement]

    def shares(self) -> Shares:
        """How much of each box lies in each zone: shape (zones, n)."""
        if self._shares is None:
            self._shares = self.zones.shares(self.boxes)
        return self._shares

    def _work_out(self, placement: Placement) -> Membership:
        if placement.relation is ZoneRelation.TOUCHING:
            return self.shares() > 0
        if placement.relation is ZoneRelation.CROSSING:
            shares = self.shares()
            return (shares >= LEAST_CROSSING_SHARE) & (shares <= 1 - LEAST_CROSSING_SHARE)
        match placement.by:
            case PlacedBy.FOOT:
                return self.zones.inside(foot_points(self.boxes))
            case PlacedBy.CENTRE:
                return self.zones.inside((self.boxes[:, :2] + self.boxes[:, 2:]) / 2)
            case PlacedBy.OVERLAP:
                return self.shares() >= (placement.minimum_share or 0.0)
