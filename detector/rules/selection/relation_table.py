"""The relation table: for which boxes the relations of which rules hold, each worked out once."""

from collections.abc import Mapping, Sequence

import numpy as np

from detector.rules.look_view import LookView
from detector.rules.selection.relations import LookRelations
from detector.rules.selection.score_floors import floors_of
from detector.rules.watched_rule import WatchedRule
from models.rules.relation import Relation


class RelationTable:
    """The relations of a camera's rules; many rules ask for the same. Belongs to one thread.

    Args:
        rules: The rules.
    """

    def __init__(self, rules: Sequence[WatchedRule]) -> None:
        numbers: dict[Relation, int] = {}
        self._of_rules = [
            [numbers.setdefault(relation, len(numbers)) for relation in watched.rule.relations]
            for watched in rules
        ]
        self._relations = tuple(numbers)
        self._wants_some = [relation.at_least > 0 for relation in self._relations]
        self._classes: tuple[tuple[str, ...], tuple[float, ...]] | None = None
        self._floors = np.zeros((0, 0), np.float32)

    def look(self, view: LookView, rules: Sequence[int]) -> Mapping[int, Sequence[bool]]:
        """For which boxes of a look all relations of some rules hold, by rule.

        Args:
            view: The look.
            rules: The rules; each has relations.
        """
        others = self._others(view)
        look = LookRelations(view)
        held: dict[int, Sequence[bool]] = {}
        of_rules: dict[int, Sequence[bool]] = {}
        for rule in rules:
            numbers = self._of_rules[rule]
            if any(number not in others and self._wants_some[number] for number in numbers):
                of_rules[rule] = [False] * len(view.found)
                continue
            for number in numbers:
                if number not in held:
                    held[number] = look.holds(self._relations[number], others.get(number, ()))
            of_rules[rule] = _all([held[number] for number in numbers])
        return of_rules

    def _others(self, view: LookView) -> Mapping[int, Sequence[int]]:
        """Which boxes score enough for the other object of a relation, by its number."""
        found = view.found
        classes = (found.class_names, found.class_thresholds)
        if classes != self._classes:
            self._classes = classes
            self._floors = np.stack(
                [floors_of(one.classes, *classes, one.minimum_score) for one in self._relations]
            )
        numbers, boxes = np.nonzero(found.scores >= self._floors.take(found.class_ids, axis=1))
        others: dict[int, list[int]] = {}
        for number, box in zip(numbers.tolist(), boxes.tolist(), strict=True):
            others.setdefault(number, []).append(box)
        return others


def _all(held: list[Sequence[bool]]) -> Sequence[bool]:
    return held[0] if len(held) == 1 else [all(of_box) for of_box in zip(*held, strict=True)]
