"""Lines by boxes: rules for which more than a point of a box says whether it is in a zone."""

from dataclasses import dataclass

import numpy as np

from detector.geometry.zone_membership import Membership, Rows
from detector.geometry.zone_places import boxes_in_zones, goes_by_points
from detector.rules.look_view import LookView
from detector.rules.selection.rule_lines import RuleLines
from detector.rules.watched_rule import WatchedRule
from models.rules.placement import Placement


@dataclass(frozen=True, slots=True, eq=False)
class LinesByBoxes:
    """The lines of all rules of one placement that does not go by points.

    Attributes:
        placement: What "in a zone" means to them.
        lines: Shape (k,): their lines in the table.
        rows: Shape (k,): the zone of each.
        stands: Shape (k,): whether it counts where an object stands, as 0 or 1.
    """

    placement: Placement
    lines: Rows
    rows: Rows
    stands: Rows

    @classmethod
    def of(cls, placement: Placement, lines: RuleLines) -> "LinesByBoxes":
        """Those of one placement.

        Args:
            placement: It does not go by points.
            lines: All rules; at least one of them has this placement and zones.
        """
        chosen = [
            (line, row, int(watched.goes_by_objects))
            for watched, of_rule in zip(lines.rules, lines.of_rules, strict=True)
            if goes_by_boxes(watched) and watched.rule.placement == placement
            for line, row in zip(range(of_rule.start, of_rule.stop), watched.rows, strict=True)
        ]
        return cls(placement, *np.array(chosen, np.intp).T)

    def narrow(self, view: LookView, placed: Membership) -> None:
        """Leave boxes in these lines only that lie in the zones.

        Args:
            view: The look.
            placed: Shape (lines, n); changed in place.
        """
        at, boxes = placed.take(self.lines, axis=0).nonzero()
        if not len(at):
            return
        places = np.concatenate((view.box_places.boxes, view.object_places.boxes))
        placed[self.lines[at], boxes] = boxes_in_zones(
            self.placement,
            view.box_places.zones,
            places[self.stands[at] * len(view.found) + boxes],
            self.rows[at],
        )


def goes_by_boxes(watched: WatchedRule) -> bool:
    """Whether a rule has zones, and more than a point of a box says whether it is in them."""
    return bool(watched.rows) and not goes_by_points(watched.rule.placement)
