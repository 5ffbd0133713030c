"""The relation table: for which boxes the relations of which rules hold, each worked out once."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from detector.rules.look_view import LookView
from detector.rules.relations import LookRelations
from detector.rules.score_floors import floors_of
from detector.rules.watched_rule import WatchedRule
from models.rules.relation import Relation

Chosen = npt.NDArray[np.bool_]


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
        self._classes: tuple[tuple[str, ...], tuple[float, ...]] | None = None
        self._floors = np.zeros((0, 0), np.float32)

    def look(self, view: LookView, rules: Sequence[int]) -> Mapping[int, Chosen]:
        """For which boxes all relations of some rules hold: of each rule shape (n,).

        Args:
            view: The look.
            rules: The rules; each has relations.
        """
        others = self._others(view)
        seen = np.any(others, axis=1)
        look = LookRelations(view)
        held: dict[int, Chosen] = {}
        for number in dict.fromkeys(number for rule in rules for number in self._of_rules[rule]):
            relation = self._relations[number]
            if seen[number] or relation.reach_m is not None:
                held[number] = look.holds(relation, np.nonzero(others[number])[0])
            else:
                held[number] = np.full(len(view.found), relation.at_least == 0)
        return {rule: _all([held[number] for number in self._of_rules[rule]]) for rule in rules}

    def _others(self, view: LookView) -> Chosen:
        """Which boxes score enough for the other object of each relation: shape (relations, n)."""
        found = view.found
        classes = (found.class_names, found.class_thresholds)
        if classes != self._classes:
            self._classes = classes
            self._floors = np.stack(
                [floors_of(one.classes, *classes, one.minimum_score) for one in self._relations]
            )
        others: Chosen = found.scores >= self._floors.take(found.class_ids, axis=1)
        return others


def _all(held: list[Chosen]) -> Chosen:
    chosen = held[0]
    for other in held[1:]:
        chosen = chosen & other
    return chosen
