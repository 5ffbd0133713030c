"""Counted boxes: which boxes move, lie to each other and go as each rule asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detector.geometry.zone_membership import Membership
from detector.rules.look_view import LookView
from detector.rules.selection.relations import RelationTable
from detector.rules.selection.truth_table import TruthTable
from detector.rules.watched_rule import WatchedRule
from models.rules.rule import Motion

Indices = Sequence[int]


# How a box goes, as rows of what is known of a look.
_MOTIONS = (Motion.ANY, Motion.STANDING, Motion.MOVING, Motion.WORKING)


@dataclass(frozen=True, slots=True, eq=False)
class RuleBoxes:
    """The boxes of one look that count for one rule, zone by zone, each by its index.

    Attributes:
        sure: For each of the rule's zones those that surely count there, in rising order.
        possible: The same with those of which the look does not tell.
        occasions: Of an absence, for each zone what must be there for it to be asked; empty
            where the rule asks for nothing.
    """

    sure: Sequence[Indices]
    possible: Sequence[Indices]
    occasions: Sequence[Indices] = ()

    @classmethod
    def nothing(cls, zones: int) -> "RuleBoxes":
        """No box in any of some zones."""
        none: tuple[Indices, ...] = ((),) * zones
        return cls(none, none)

    @property
    def any(self) -> bool:
        """Whether there is one that counts, were it only possible."""
        return any(self.possible)

    def only(self, kept: Sequence[bool]) -> "RuleBoxes":
        """Those of them that are among some boxes of the look.

        Args:
            kept: For each box of the look whether it is.
        """
        sure = [[index for index in in_zone if kept[index]] for in_zone in self.sure]
        if self.possible is self.sure:
            return RuleBoxes(sure, sure)
        possible = [[index for index in in_zone if kept[index]] for in_zone in self.possible]
        return RuleBoxes(sure, possible)

    def first_zones(self) -> dict[int, int]:
        """For each box that surely counts the first zone it counts in, in the boxes' order."""
        if len(self.sure) == 1:
            return dict.fromkeys(self.sure[0], 0)
        first: dict[int, int] = {}
        for zone, indices in enumerate(self.sure):
            for index in indices:
                first.setdefault(index, zone)
        return dict(sorted(first.items()))


class CountedBoxes:
    """Asks of boxes that lie where rules can hold what else the rules ask of single boxes.

    Belongs to one thread.

    Args:
        table: The rules, and which rows are whose.
    """

    def __init__(self, table: TruthTable) -> None:
        self._table = table
        self._rules_of = table.rules_of.tolist()
        self._relations = RelationTable(table.rules)
        motions = [_MOTIONS.index(_motion(watched)) for watched in table.rules]
        self._motions = np.array(motions, np.intp)[table.rules_of]
        self._asks_for_work = _MOTIONS.index(Motion.WORKING) in motions
        asking = [index for index, watched in enumerate(table.rules) if watched.asks_of_each_box]
        self._related = [index for index in asking if table.rules[index].rule.relations]
        self._crossing = [index for index in asking if table.rules[index].lines]
        self._specials_of = _specials_of(table.rules)
        self._left_open = [index for index in asking if table.rules[index].leaves_open]

    def count(self, view: LookView, placed: Membership) -> Mapping[int, RuleBoxes]:
        """Judge the boxes of a look.

        Args:
            view: The look.
            placed: Shape (rows, n): boxes that count by class, score, size and place.

        Returns:
            What counts, by rule; rules are left out for which nothing may count.
        """
        motions = np.ones((len(_MOTIONS), len(view.found)), np.bool_)
        motions[1], motions[2] = view.standing, view.moving
        if self._asks_for_work:
            motions[3] = view.working
        counted = placed & motions.take(self._motions, axis=0)
        for index in self._crossing:
            counted[self._table.of_rules[index]] &= self._table.rules[index].crossed(view)
        of_rules = self._of_rules(counted)
        related = [index for index in self._related if index in of_rules]
        if related:
            for index, held in self._relations.held(view, related).items():
                of_rules[index] = of_rules[index].only(held)
        for index in self._left_open:
            if index in of_rules and of_rules[index].any:
                of_rules[index] = self._told(view, index, of_rules[index])
        # All by what counted before: a special rule may itself be a general one to another.
        of_rules |= {
            index: self._without(view, of_rules, index, specials)
            for index, specials in self._specials_of.items()
            if index in of_rules
        }
        return {index: boxes for index, boxes in of_rules.items() if boxes.any}

    def _without(
        self,
        view: LookView,
        of_rules: Mapping[int, RuleBoxes],
        index: int,
        specials: Sequence[int],
    ) -> RuleBoxes:
        """What counts for a general rule, but for what a more special one is about now."""
        special = {
            box
            for at in specials
            if at in of_rules
            and self._table.rules[at].holds_at(view.local_time, view.public_holidays)
            for in_zone in of_rules[at].sure
            for box in in_zone
        }
        if not special:
            return of_rules[index]
        return of_rules[index].only([box not in special for box in range(len(view.found))])

    def _told(self, view: LookView, index: int, boxes: RuleBoxes) -> RuleBoxes:
        """What of the boxes that else count for a rule surely counts, and what possibly."""
        watched = self._table.rules[index]
        counted = np.zeros((len(watched.zones), len(view.found)), np.bool_)
        for in_zone, indices in zip(counted, boxes.sure, strict=True):
            in_zone[list(indices)] = True
        return RuleBoxes(
            _indices(watched.sure(view, counted)), _indices(watched.possible(view, counted))
        )

    def _of_rules(self, counted: Membership) -> dict[int, RuleBoxes]:
        """The table as lists, as rules judge few boxes each: they are quicker than arrays."""
        of_rules: dict[int, RuleBoxes] = {}
        of_rows: dict[int, list[int]] = {}
        rows, boxes = counted.nonzero()
        for row, box in zip(rows.tolist(), boxes.tolist(), strict=True):
            of_rows.setdefault(row, []).append(box)
        for row in of_rows:
            index = self._rules_of[row]
            if index not in of_rules:
                of_rule = self._table.of_rules[index]
                in_zones = [of_rows.get(one, ()) for one in range(of_rule.start, of_rule.stop)]
                of_rules[index] = RuleBoxes(in_zones, in_zones)
        return of_rules


def _indices(counted: Membership) -> list[list[int]]:
    return [np.nonzero(in_zone)[0].tolist() for in_zone in counted]


def _motion(watched: WatchedRule) -> Motion:
    return watched.rule.motion if watched.asks_of_each_box else Motion.ANY


def _specials_of(rules: Sequence[WatchedRule]) -> dict[int, list[int]]:
    """For each general rule those that count instead of it, by their places in ``rules``."""
    specials: dict[int, list[int]] = {}
    for index, general in enumerate(rules):
        instead = [at for at, one in enumerate(rules) if general.issue_code in one.rule.instead_of]
        if instead:
            specials[index] = instead
    return specials
