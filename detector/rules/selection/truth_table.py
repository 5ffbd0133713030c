"""The truth table: every box of a look against every rule and zone, in a few array operations.

A row is a rule in one of its zones. Class, score and size are asked by rule, the place by row. Many
rules ask the same of the same zone: each zone is looked up once for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from detector.geometry.zone_membership import (
    Membership,
    Rows,
    box_points,
    boxes_in_zones,
    goes_by_points,
)
from detector.objects.class_groups import FoundObjects, group_floors, group_of
from detector.rules.look_view import LookView
from detector.rules.selection.score_floors import floors_of
from detector.rules.watched_rule import WatchedRule
from models.rules.placement import PlacedBy, Placement
from models.rules.rule import Rule
from models.rules.schedule import Schedule
from models.rules.size_limits import MEASURES

Floors = npt.NDArray[np.float32]


class TruthTable:
    """A camera's rules, side by side. Belongs to one thread.

    Args:
        rules: The rules, in the order of their rows.

    Attributes:
        rules: The same.
        of_rules: The rows of each rule.
        rules_of: Shape (rows,): the rule of each row.
    """

    def __init__(self, rules: Sequence[WatchedRule]) -> None:
        self.rules = tuple(rules)
        counts = [len(watched.zones) for watched in rules]
        ends = np.cumsum(counts, dtype=np.intp).tolist()
        self.of_rules = [slice(end - count, end) for end, count in zip(ends, counts, strict=True)]
        self.rules_of = np.repeat(np.arange(len(counts)), counts)
        self._judged: tuple[bool, ...] = ()
        self._classes: tuple[tuple[str, ...], tuple[float, ...]] | None = None
        self._floors = np.zeros((0, 0), np.float32)
        self._lowest = np.zeros(0, np.float32)
        every = [(measure, _limits([one.rule for one in rules], measure)) for measure in MEASURES]
        self._limits = {measure: limits for measure, limits in every if limits is not None}
        self._points = _ZonePoints()
        self._sources = np.array(
            [source for watched in rules for source in self._sources_of(watched)], np.intp
        )
        self._silencing = _Silencing(rules, self._points)
        placements = dict.fromkeys(
            watched.rule.placement for watched in rules if _goes_by_boxes(watched)
        )
        self._by_boxes = [self._rows_by_boxes(placement) for placement in placements]

    def judged(self, found: FoundObjects) -> tuple[bool, ...]:
        """Which rules the models that looked allow to judge, see ``can_be_judged``."""
        self._follow(found.class_names, found.class_thresholds)
        return self._judged

    def lowest_scores(
        self, class_names: tuple[str, ...], class_thresholds: tuple[float, ...]
    ) -> Floors:
        """Lowest score that matters to any rule, of each class: shape (classes,)."""
        self._follow(class_names, class_thresholds)
        return self._lowest

    def counting(self, found: FoundObjects, rules: Sequence[int]) -> npt.NDArray[np.bool_]:
        """Which boxes' class and score count for any of some rules: shape (n,)."""
        self._follow(found.class_names, found.class_thresholds)
        floors = self._floors[list(rules)][:, found.class_ids]
        counting: npt.NDArray[np.bool_] = np.any(found.scores[None, :] >= floors, axis=0)
        return counting

    def candidates(self, view: LookView) -> npt.NDArray[np.bool_]:
        """Which boxes' class, score and size count for which rule: shape (rules, n)."""
        found = view.found
        self._follow(found.class_names, found.class_thresholds)
        candidates: npt.NDArray[np.bool_] = found.scores >= self._floors.take(
            found.class_ids, axis=1
        )
        for measure, limits in self._limits.items():
            sizes = view.sizes.measure(measure)
            # NaN, a size that cannot be said, lies within no limits.
            fits = (sizes >= limits.smallest) & (sizes <= limits.largest)
            candidates &= fits | limits.without
        return candidates

    def in_place(self, view: LookView, candidates: npt.NDArray[np.bool_]) -> Membership:
        """Which candidates lie where the rules can hold and are not silenced: shape (rows, n).

        Args:
            view: The look.
            candidates: Shape (rules, n): boxes whose class, score and size count.
        """
        where = self._points.look_up(view)
        heard = candidates & ~self._silencing.silenced(view, where)
        placed: Membership = where.take(self._sources, axis=0)
        placed &= heard.take(self.rules_of, axis=0)
        for rows in self._by_boxes:
            rows.narrow(view, placed)
        return placed

    def _follow(self, class_names: tuple[str, ...], class_thresholds: tuple[float, ...]) -> None:
        """Work the floors out anew when other models look at the camera."""
        classes = (class_names, class_thresholds)
        if classes == self._classes:
            return
        self._classes = classes
        self._judged = tuple(watched.can_be_judged(class_names) for watched in self.rules)
        self._floors = np.stack(
            [_floors(watched.rule, *classes) for watched in self.rules]
            or [np.zeros(len(class_names), np.float32)]
        )[: len(self.rules)]
        of_groups: dict[str, float] = {}
        for watched in self.rules:
            rule = watched.rule
            lowest = np.minimum(_floors(rule, *classes), _floors_of_others(rule, *classes))
            for name, floor in zip(class_names, lowest.tolist(), strict=True):
                if np.isfinite(floor):
                    group = group_of(name)
                    of_groups[group] = min(of_groups.get(group, 1.0), floor)
        self._lowest = group_floors(class_names, of_groups)

    def _sources_of(self, watched: WatchedRule) -> Sequence[int]:
        if not watched.rows or _goes_by_boxes(watched):
            return [_ZonePoints.EVERYWHERE] * len(watched.zones)
        stands, by = watched.goes_by_objects, watched.rule.placement.by
        return [self._points.source(_PointZone(row, by, stands=stands)) for row in watched.rows]

    def _rows_by_boxes(self, placement: Placement) -> "_RowsByBoxes":
        chosen = [
            (row, zone_row, int(watched.goes_by_objects))
            for watched, of_rule in zip(self.rules, self.of_rules, strict=True)
            if _goes_by_boxes(watched) and watched.rule.placement == placement
            for row, zone_row in zip(range(of_rule.start, of_rule.stop), watched.rows, strict=True)
        ]
        return _RowsByBoxes(placement, *np.array(chosen, np.intp).T)


@dataclass(frozen=True, slots=True)
class _PointZone:
    """A zone, and what says whether a box is in it.

    Attributes:
        row: The zone.
        by: Which point of a box decides.
        stands: Whether it is the box of where its object stands, and not of where it shook to.
    """

    row: int
    by: PlacedBy
    stands: bool


class _ZonePoints:
    """Each zone that any rule asks about, by a point of the boxes.

    The first two answers, ``EVERYWHERE`` and ``NOWHERE``, hold every box and none.
    """

    EVERYWHERE: ClassVar = 0
    NOWHERE: ClassVar = 1
    _FIRST: ClassVar = 2

    def __init__(self) -> None:
        self._sources: dict[_PointZone, int] = {}
        self._rows = np.zeros(0, np.intp)
        self._layers: dict[tuple[PlacedBy, bool], int] = {}
        self._layer_of = np.zeros(0, np.intp)

    def source(self, zone: _PointZone) -> int:
        """Which answer is a zone's; it is added where there is none yet."""
        if zone not in self._sources:
            self._sources[zone] = self._FIRST + len(self._sources)
            layer = self._layers.setdefault((zone.by, zone.stands), len(self._layers))
            self._rows = np.append(self._rows, zone.row)
            self._layer_of = np.append(self._layer_of, layer)
        return self._sources[zone]

    def look_up(self, view: LookView) -> Membership:
        """Which boxes of a look are in which zone: shape (answers, n)."""
        where = np.empty((self._FIRST + len(self._sources), len(view.found)), np.bool_)
        where[self.EVERYWHERE], where[self.NOWHERE] = True, False
        if self._layers:
            points = np.array(
                [
                    box_points(view.object_boxes if stands else view.found.boxes, by)
                    for by, stands in self._layers
                ]
            ).take(self._layer_of, axis=0)
            where[self._FIRST :] = view.zones.inside_each(
                self._rows, points[..., 0], points[..., 1]
            )
        return where


@dataclass(frozen=True, slots=True, eq=False)
class _RowsByBoxes:
    """The rows of all rules of one placement for which more than a point of a box decides.

    Attributes:
        placement: What "in a zone" means to them.
        rows: Shape (k,): their rows in the table.
        zone_rows: Shape (k,): the zone of each.
        stands: Shape (k,): whether it counts where an object stands, as 0 or 1.
    """

    placement: Placement
    rows: Rows
    zone_rows: Rows
    stands: Rows

    def narrow(self, view: LookView, placed: Membership) -> None:
        """Leave boxes in these rows only that lie in the zones; changes ``placed``."""
        at, boxes = placed.take(self.rows, axis=0).nonzero()
        if not len(at):
            return
        both = np.concatenate((view.found.boxes, view.object_boxes))
        placed[self.rows[at], boxes] = boxes_in_zones(
            self.placement,
            view.zones,
            both[self.stands[at] * len(view.found) + boxes],
            self.zone_rows[at],
        )


class _Silencing:
    """The zones that silence rules, some of them at some hours only."""

    def __init__(self, rules: Sequence[WatchedRule], points: _ZonePoints) -> None:
        sources: list[int] = []
        self._begins: list[int] = []
        # Of those that silence at some hours only: when, and which of the sources they are.
        self._at_times: list[tuple[Schedule, slice]] = []
        for watched in rules:
            self._begins.append(len(sources))
            sources.append(_ZonePoints.NOWHERE)
            for silencing in watched.silencing:
                begin = len(sources)
                sources += [
                    points.source(_PointZone(row, PlacedBy.FOOT, stands=watched.goes_by_objects))
                    for row in silencing.rows
                ]
                if not silencing.when.always:
                    self._at_times.append((silencing.when, slice(begin, len(sources))))
        self._sources = np.array(sources, np.intp)

    def silenced(self, view: LookView, where: Membership) -> npt.NDArray[np.bool_]:
        """Which boxes lie in a zone that silences which rule now: shape (rules, n)."""
        sources = self._sources
        if self._at_times:
            sources = sources.copy()
            for when, of_them in self._at_times:
                if not when.contains(view.local_time, view.public_holidays):
                    sources[of_them] = _ZonePoints.NOWHERE
        silenced: npt.NDArray[np.bool_] = np.logical_or.reduceat(
            where.take(sources, axis=0), self._begins, axis=0
        )
        return silenced


def _goes_by_boxes(watched: WatchedRule) -> bool:
    """Whether a rule has zones, and more than a point of a box says whether it is in them."""
    return bool(watched.rows) and not goes_by_points(watched.rule.placement)


def _floors(
    rule: Rule, class_names: tuple[str, ...], class_thresholds: tuple[float, ...]
) -> Floors:
    """Least score of each class the rule is about, infinite for others: shape (classes,)."""
    floors = floors_of(rule.classes, class_names, class_thresholds, rule.minimum_score).copy()
    for name, floor in rule.minimum_scores.items():
        # A rule may give scores only to its own classes.
        floors[[known == name for known in class_names]] = floor
    return floors


def _floors_of_others(
    rule: Rule, class_names: tuple[str, ...], class_thresholds: tuple[float, ...]
) -> Floors:
    """Least score of each class that must be, or must not be, beside them: shape (classes,)."""
    lowest = np.full(len(class_names), np.inf, np.float32)
    for relation in rule.relations:
        floors = floors_of(relation.classes, class_names, class_thresholds, relation.minimum_score)
        lowest = np.minimum(lowest, floors)
    return lowest


@dataclass(frozen=True, slots=True, eq=False)
class _Limits:
    """The limits of all rules on one measure, each of shape (rules, 1).

    Attributes:
        smallest: Minus infinity where there is none.
        largest: Infinity where there is none.
        without: Which rules have neither.
    """

    smallest: npt.NDArray[np.float64]
    largest: npt.NDArray[np.float64]
    without: npt.NDArray[np.bool_]


def _limits(rules: Sequence[Rule], measure: str) -> _Limits | None:
    smallest = [getattr(rule.size, f"minimum_{measure}") for rule in rules]
    largest = [getattr(rule.size, f"maximum_{measure}") for rule in rules]
    if not any(limit is not None for limit in (*smallest, *largest)):
        return None
    without = [few is None and many is None for few, many in zip(smallest, largest, strict=True)]
    return _Limits(
        np.array([-np.inf if limit is None else limit for limit in smallest])[:, None],
        np.array([np.inf if limit is None else limit for limit in largest])[:, None],
        np.array(without)[:, None],
    )
