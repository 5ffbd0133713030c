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
        known_points: What has been worked out of their points, see ``points_in_zones``.
    """

    zones: ZoneMembership
    boxes: npt.NDArray[np.float32]
    known_points: dict[PlacedBy, Membership] = field(default_factory=dict, init=False)
    _shares: dict[int, Shares] = field(default_factory=dict, init=False)

    def members(
        self,
        placement: Placement,
        rows: Sequence[int],
        asked: npt.NDArray[np.bool_] | None = None,
    ) -> Membership:
        """Which boxes are in which of some zones: shape (rows, n). Not to be written to.

        Args:
            placement: What "in" means.
            rows: The zones.
            asked: Shape (n,): boxes that are asked for, None for all; of others, whose shares
                need not be worked out, it may say that they are in none.
        """
        if placement.relation is ZoneRelation.INSIDE and placement.by is not PlacedBy.OVERLAP:
            return self.of_points(placement.by).take(rows, axis=0)
        if asked is None:
            asked = np.ones(len(self.boxes), np.bool_)
        shares = np.array([self._shares_of(row, asked) for row in rows])
        shares = shares.reshape(len(rows), len(self.boxes))
        match placement.relation:
            case ZoneRelation.TOUCHING:
                return shares > 0
            case ZoneRelation.CROSSING:
                return (shares >= LEAST_CROSSING_SHARE) & (shares <= 1 - LEAST_CROSSING_SHARE)
            case ZoneRelation.INSIDE:
                return shares >= (placement.minimum_share or 0.0)

    def of_points(self, by: PlacedBy) -> Membership:
        """Which boxes lie in which zones by foot or centre: (zones, n). Not to be written to."""
        (members,) = points_in_zones([(self, by)])
        return members

    def points(self, by: PlacedBy) -> npt.NDArray[np.float32]:
        """Foot points or centres of the boxes: shape (n, 2)."""
        if by is PlacedBy.FOOT:
            return foot_points(self.boxes)
        centres: npt.NDArray[np.float32] = (self.boxes[:, :2] + self.boxes[:, 2:]) / np.float32(2)
        return centres

    def _shares_of(self, row: int, asked: npt.NDArray[np.bool_]) -> Shares:
        """The shares of the boxes asked for; NaN, which is in no zone, where nobody has asked."""
        shares = self._shares.setdefault(row, np.full(len(self.boxes), np.nan))
        (unknown,) = np.nonzero(asked & np.isnan(shares))
        if len(unknown):
            shares[unknown] = self.zones.shares(self.boxes[unknown], row)
        return shares


def points_in_zones(asked: Sequence[tuple[ZonePlaces, PlacedBy]]) -> list[Membership]:
    """What ``ZonePlaces.of_points`` says of several places in one look, looked up together.

    Args:
        asked: Places over the same zones, at least one, and what decides where their boxes are.
    """
    unknown = [(places, by) for places, by in asked if by not in places.known_points]
    if unknown:
        points = [places.points(by) for places, by in unknown]
        members = unknown[0][0].zones.inside(np.concatenate(points))
        begin = 0
        for (places, by), of_places in zip(unknown, points, strict=True):
            places.known_points[by] = members[:, begin : begin + len(of_places)]
            begin += len(of_places)
    return [places.known_points[by] for places, by in asked]
