"""Placed boxes: which boxes lie where each rule can hold, for all rules in a few operations."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from detector.geometry.zone_membership import Membership
from detector.rules.look_view import LookView
from detector.rules.selection.lines_by_boxes import LinesByBoxes, goes_by_boxes
from detector.rules.selection.point_table import PointTable, PointZone
from detector.rules.selection.rule_lines import RuleLines
from detector.rules.selection.silencing_table import SilencingTable
from detector.rules.watched_rule import WatchedRule


class PlacedBoxes:
    """The zones in which a camera's rules can hold and are silenced. Belongs to one thread.

    Args:
        lines: The rules.
    """

    def __init__(self, lines: RuleLines) -> None:
        self._lines = lines
        self._points = PointTable()
        self._sources = np.array(
            [source for watched in lines.rules for source in self._sources_of(watched)], np.intp
        )
        self._silencing = SilencingTable(lines.rules, self._points)
        placements = dict.fromkeys(
            watched.rule.placement for watched in lines.rules if goes_by_boxes(watched)
        )
        self._by_boxes = [LinesByBoxes.of(placement, lines) for placement in placements]

    def look(self, view: LookView, candidates: npt.NDArray[np.bool_]) -> Membership:
        """Place the boxes of a look.

        Args:
            view: The look.
            candidates: Shape (rules, n): boxes whose class, score and size count.

        Returns:
            Shape (lines, n): those that lie in the zone of each line and are not silenced.
        """
        where = self._points.look(view)
        heard = candidates & ~self._silencing.look(view, where)
        placed = where.take(self._sources, axis=0)
        placed &= heard.take(self._lines.rules_of, axis=0)
        for of_placement in self._by_boxes:
            of_placement.narrow(view, placed)
        return placed

    def _sources_of(self, watched: WatchedRule) -> Sequence[int]:
        if not watched.rows or goes_by_boxes(watched):
            return [PointTable.EVERYWHERE] * len(watched.zones)
        stands, by = watched.goes_by_objects, watched.rule.placement.by
        return [self._points.source(PointZone(row, by, stands=stands)) for row in watched.rows]
