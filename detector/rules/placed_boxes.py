"""Placed boxes: which boxes lie where each rule can hold, for all rules in a few operations."""

import numpy as np
import numpy.typing as npt

from detector.rules.look_view import LookView
from detector.rules.rule_lines import RuleLines
from detector.rules.silencing_table import SilencingTable
from detector.rules.watched_rule import WatchedRule
from detector.rules.zone_membership import Membership
from detector.rules.zone_places import ZonePlaces, points_in_zones
from models.rules.placement import PlacedBy, ZoneRelation

# The ways in which points decide where a box is: by where it is now, or where its object stands.
_LAYERS = (
    (False, PlacedBy.FOOT),
    (True, PlacedBy.FOOT),
    (False, PlacedBy.CENTRE),
    (True, PlacedBy.CENTRE),
)


class PlacedBoxes:
    """The zones in which a camera's rules can hold and are silenced. Belongs to one thread.

    Args:
        lines: The rules.
        zone_count: How many zones the camera has.
    """

    def __init__(self, lines: RuleLines, zone_count: int) -> None:
        self._lines = lines
        used = {_layer(watched) for watched in lines.rules if _goes_by_points(watched)}
        used |= {_silencing_layer(watched) for watched in lines.rules if watched.silencing}
        self._layers = [layer for layer in _LAYERS if layer in used]
        self._first_lines = {
            layer: number * zone_count for number, layer in enumerate(self._layers)
        }
        # Below the zones of all layers: a line for the whole picture, and one for nowhere.
        self._everywhere = len(self._layers) * zone_count
        self._sources = np.array(
            [line for watched in lines.rules for line in self._sources_of(watched)], np.intp
        )
        self._silencing = SilencingTable(
            lines.rules,
            [self._first_lines.get(_silencing_layer(watched), 0) for watched in lines.rules],
            self._everywhere + 1,
        )
        self._by_shares = [
            index
            for index, watched in enumerate(lines.rules)
            if watched.rows and not _goes_by_points(watched)
        ]

    def look(self, view: LookView, candidates: npt.NDArray[np.bool_]) -> Membership:
        """Place the boxes of a look.

        Args:
            view: The look.
            candidates: Shape (rules, n): boxes whose class, score and size count.

        Returns:
            Shape (lines, n): those that lie in the zone of each line and are not silenced.
        """
        where = self._where(view)
        heard = candidates & ~self._silencing.look(view, where)
        placed = where.take(self._sources, axis=0)
        placed &= heard.take(self._lines.rules_of, axis=0)
        for index in self._by_shares:
            of_rule = placed[self._lines.of_rules[index]]
            if of_rule.any():
                asked = np.any(of_rule, axis=0)
                of_rule &= self._lines.rules[index].in_zones(view, asked)
        return placed

    def _where(self, view: LookView) -> Membership:
        """Which boxes lie in which zone of which layer, in the picture, and nowhere."""
        where = np.empty((self._everywhere + 2, len(view.found)), np.bool_)
        asked: list[tuple[ZonePlaces, PlacedBy]] = [
            (view.object_places if stands else view.box_places, by) for stands, by in self._layers
        ]
        if asked:
            np.concatenate(points_in_zones(asked), out=where[: self._everywhere])
        where[self._everywhere] = True
        where[self._everywhere + 1] = False
        return where

    def _sources_of(self, watched: WatchedRule) -> list[int]:
        if not watched.rows or not _goes_by_points(watched):
            return [self._everywhere] * len(watched.zones)
        first = self._first_lines[_layer(watched)]
        return [first + row for row in watched.rows]


def _goes_by_points(watched: WatchedRule) -> bool:
    placement = watched.rule.placement
    inside = placement.relation is ZoneRelation.INSIDE
    return inside and placement.by is not PlacedBy.OVERLAP


def _layer(watched: WatchedRule) -> tuple[bool, PlacedBy]:
    return watched.goes_by_objects, watched.rule.placement.by


def _silencing_layer(watched: WatchedRule) -> tuple[bool, PlacedBy]:
    return watched.goes_by_objects, PlacedBy.FOOT
