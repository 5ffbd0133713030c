"""Placed boxes: which boxes lie where each rule can hold, for all rules in a few operations."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detector.rules.look_view import LookView
from detector.rules.watched_rule import WatchedRule
from detector.rules.zone_membership import Membership
from models.rules.placement import PlacedBy, ZoneRelation

# The ways in which points decide where a box is: by where it is now, or where its object stands.
_LAYERS = (
    (False, PlacedBy.FOOT),
    (True, PlacedBy.FOOT),
    (False, PlacedBy.CENTRE),
    (True, PlacedBy.CENTRE),
)


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Where the boxes of one look may make rules hold.

    Attributes:
        members: For each rule shape (its zones, n): boxes that count for it, in those of its
            zones in which they lie and are not silenced. Not to be written to.
        busy: For each rule whether there is any such box.
    """

    members: Sequence[Membership]
    busy: Sequence[bool]


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of one rule in the table: one per zone in which it can hold."""

    begin: int
    end: int


class PlacedBoxes:
    """A camera's rules with their zones, one below the other. Belongs to one thread.

    Args:
        rules: The rules.
        zone_count: How many zones the camera has.
    """

    def __init__(self, rules: Sequence[WatchedRule], zone_count: int) -> None:
        self._rules = tuple(rules)
        self._lines: list[_Lines] = []
        self._zone_count = zone_count
        used = {_layer(watched) for watched in rules if _goes_by_points(watched)}
        self._layers = [layer for layer in _LAYERS if layer in used]
        sources: list[int] = []
        for watched in rules:
            begin = len(sources)
            sources += self._sources(watched)
            self._lines.append(_Lines(begin, len(sources)))
        self._source = np.array(sources, np.intp)
        self._rule_of_line = np.repeat(
            np.arange(len(rules)), [lines.end - lines.begin for lines in self._lines]
        )
        self._narrowed = [
            index
            for index, watched in enumerate(rules)
            if watched.silencing or (watched.rows and not _goes_by_points(watched))
        ]

    def look(self, view: LookView, candidates: npt.NDArray[np.bool_]) -> Placed:
        """Place the boxes of a look.

        Args:
            view: The look.
            candidates: Shape (rules, n): boxes whose class, score and size count.
        """
        count = len(view.found)
        # The last line is the whole picture: every box is in it.
        where = np.ones((len(self._layers) * self._zone_count + 1, count), np.bool_)
        for number, (stands, by) in enumerate(self._layers):
            places = view.object_places if stands else view.box_places
            begin = number * self._zone_count
            where[begin : begin + self._zone_count] = places.of_points(by)
        placed = where[self._source]
        placed &= candidates[self._rule_of_line]
        members = [placed[lines.begin : lines.end] for lines in self._lines]
        busy = self._busy(placed)
        for index in self._narrowed:
            if busy[index]:
                watched, of_rule = self._rules[index], members[index]
                if not _goes_by_points(watched):
                    of_rule &= watched.in_zones(view, np.any(of_rule, axis=0))
                of_rule &= ~watched.silenced(view)
                busy[index] = bool(of_rule.any())
        return Placed(members, busy)

    def _busy(self, placed: Membership) -> list[bool]:
        busy = np.zeros(len(self._rules), np.bool_)
        busy[self._rule_of_line[placed.any(axis=1)]] = True
        return busy.tolist()

    def _sources(self, watched: WatchedRule) -> list[int]:
        if not watched.rows or not _goes_by_points(watched):
            everywhere = len(self._layers) * self._zone_count
            return [everywhere] * len(watched.zones)
        begin = self._layers.index(_layer(watched)) * self._zone_count
        return [begin + row for row in watched.rows]


def _goes_by_points(watched: WatchedRule) -> bool:
    placement = watched.rule.placement
    inside = placement.relation is ZoneRelation.INSIDE
    return inside and placement.by is not PlacedBy.OVERLAP


def _layer(watched: WatchedRule) -> tuple[bool, PlacedBy]:
    return watched.goes_by_objects, watched.rule.placement.by
