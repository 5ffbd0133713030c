"""The rule table: class, score and size of every box against every rule in a few operations."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detector.objects.class_groups import FoundObjects, group_floors, group_of
from detector.rules.look_view import LookView
from detector.rules.selection.score_floors import floors_of
from detector.rules.watched_rule import WatchedRule
from models.rules.rule import Rule
from models.rules.size_limits import MEASURES

Floors = npt.NDArray[np.float32]


class RuleTable:
    """A camera's rules, side by side. Belongs to one thread.

    Args:
        rules: The rules, in the order of the table's rows.
    """

    def __init__(self, rules: Sequence[WatchedRule]) -> None:
        self._watched = tuple(rules)
        self._rules = [watched.rule for watched in rules]
        self._judged: tuple[bool, ...] = ()
        self._classes: tuple[tuple[str, ...], tuple[float, ...]] | None = None
        self._floors = np.zeros((0, 0), np.float32)
        self._lowest = np.zeros(0, np.float32)
        self._limits = {
            measure: limits
            for measure in MEASURES
            if (limits := _limits(self._rules, measure)) is not None
        }

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

    def _follow(self, class_names: tuple[str, ...], class_thresholds: tuple[float, ...]) -> None:
        """Work the floors out anew when other models look at the camera."""
        classes = (class_names, class_thresholds)
        if classes == self._classes:
            return
        self._classes = classes
        self._judged = tuple(watched.can_be_judged(class_names) for watched in self._watched)
        self._floors = np.stack(
            [_floors(rule, *classes) for rule in self._rules]
            or [np.zeros(len(class_names), np.float32)]
        )[: len(self._rules)]
        of_groups: dict[str, float] = {}
        for rule in self._rules:
            lowest = np.minimum(_floors(rule, *classes), _floors_of_others(rule, *classes))
            for name, floor in zip(class_names, lowest.tolist(), strict=True):
                if np.isfinite(floor):
                    group = group_of(name)
                    of_groups[group] = min(of_groups.get(group, 1.0), floor)
        self._lowest = group_floors(class_names, of_groups)


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
    """The same for the classes that must be, or must not be, beside them."""
    lowest = np.full(len(class_names), np.inf, np.float32)
    others = [(relation.classes, relation.minimum_score) for relation in rule.relations]
    for classes, own in (*others, (rule.while_present, None)):
        lowest = np.minimum(lowest, floors_of(classes, class_names, class_thresholds, own))
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
