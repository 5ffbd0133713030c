"""Relations: for which boxes of a look there is something else beside them, as rules ask."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from detector.geometry.boxes import foot_points
from detector.rules.look_view import LookView
from detector.rules.selection.score_floors import floors_of
from detector.rules.watched_rule import WatchedRule
from models.rules.relation import Relation, RelationKind

Boxes = npt.NDArray[np.float32]
Pairs = npt.NDArray[np.bool_]
Measures = npt.NDArray[np.float64] | npt.NDArray[np.bool_]

# The part of an upright body's box, from the top, in which the head is.
HEAD_SHARE = 1 / 3

# The hull of a boat hides the legs of who stands in it, so that what is seen of a person ends at or
# just above the boat's upper edge: by up to this share of what is seen.
HIDDEN_LEGS_SHARE = 0.2


class LookRelations:
    """How the boxes of one look lie to each other; what several relations ask is worked out once.

    Args:
        view: The look.
    """

    def __init__(self, view: LookView) -> None:
        self._view = view
        self._known: dict[tuple[RelationKind, bool, Sequence[int]], Measures] = {}

    def holds(self, relation: Relation, others: Sequence[int]) -> Sequence[bool]:
        """For which boxes of the look a relation holds.

        Args:
            relation: What else must be there, or must not.
            others: Indices of the boxes that are something else of the kind it asks for.

        Returns:
            For each box whether it does: not where it is in metres and cannot be measured.
        """
        if not others and relation.reach_m is None:
            return [relation.at_least == 0] * len(self._view.found)
        counts = self._pairs(relation, tuple(others)).sum(axis=1)
        enough: Pairs = counts >= relation.at_least
        if relation.at_most is not None:
            enough &= counts <= relation.at_most
        if relation.reach_m is not None:
            enough &= np.isfinite(_positions(self._view)).all(axis=1)
        holds: list[bool] = enough.tolist()
        return holds

    def _pairs(self, relation: Relation, others: tuple[int, ...]) -> Pairs:
        """Which boxes lie as asked to which of the others: shape (n, others)."""
        in_metres = relation.reach_m is not None
        asked = (relation.kind, in_metres, others)
        measured = self._known.get(asked)
        if measured is None:
            indices = np.array(others, np.intp)
            measured = (
                _metres(self._view, indices) if in_metres else self._measure(relation.kind, indices)
            )
            # Nothing is the other object of itself.
            measured[indices, np.arange(len(indices))] = (
                np.inf if relation.kind is RelationKind.NEAR else 0.0
            )
            self._known[asked] = measured
        if relation.kind is RelationKind.NEAR:
            reach = relation.reach_m if relation.reach is None else relation.reach
            return np.asarray(measured <= (reach or 0.0))
        return np.asarray(measured >= relation.share)

    def _measure(self, kind: RelationKind, others: npt.NDArray[np.intp]) -> Measures:
        """What decides how boxes lie to others, see ``_pairs``: shape (n, others)."""
        ours = self._view.found.boxes
        theirs = ours[others]
        match kind:
            case RelationKind.NEAR:
                return _gaps(ours, theirs, self._view.sizes.picture.aspect_ratio)
            case RelationKind.ON:
                return _feet_in(ours, theirs)
            case RelationKind.CARRIED:
                return _covered(ours, theirs)
            case RelationKind.AT_TOP:
                heads = ours.copy()
                heads[:, 3] = ours[:, 1] + (ours[:, 3] - ours[:, 1]) * HEAD_SHARE
                return _covered(heads, theirs)
            case RelationKind.SAME_ZONE:
                inside = self._view.zones.inside(foot_points(ours))
                shared: Pairs = np.any(inside[:, :, None] & inside[:, None, others], axis=0)
                return shared


def _metres(view: LookView, others: npt.NDArray[np.intp]) -> Measures:
    """Distance of foot points on the ground: shape (n, others)."""
    positions = _positions(view)
    apart = positions[:, None] - positions[None, others]
    return np.hypot(apart[..., 0], apart[..., 1])


def _positions(view: LookView) -> npt.NDArray[np.float64]:
    ground = view.sizes.ground
    if ground is None:
        return np.full((len(view.found), 2), np.nan)
    return ground.positions(view.found.boxes, view.sizes.picture.aspect_ratio)


def _gaps(ours: Boxes, theirs: Boxes, aspect_ratio: float) -> npt.NDArray[np.float64]:
    """Gap between boxes as a multiple of the larger one's height, in square pixels: (m, n)."""
    low = np.maximum(ours[:, None, :2], theirs[None, :, :2])
    high = np.minimum(ours[:, None, 2:], theirs[None, :, 2:])
    apart = np.clip(low - high, 0.0, None).astype(np.float64)
    gap = np.hypot(apart[..., 0] * aspect_ratio, apart[..., 1])
    heights = [(boxes[:, 3] - boxes[:, 1]).astype(np.float64) for boxes in (ours, theirs)]
    larger = np.maximum(heights[0][:, None], heights[1][None, :])
    ratios: npt.NDArray[np.float64] = gap / np.maximum(larger, np.finfo(np.float64).tiny)
    return ratios


def _feet_in(ours: Boxes, theirs: Boxes) -> Pairs:
    x = (ours[:, 0] + ours[:, 2]) / 2
    y = ours[:, 3]
    across = (x[:, None] >= theirs[None, :, 0]) & (x[:, None] <= theirs[None, :, 2])
    reach = HIDDEN_LEGS_SHARE * (ours[:, 3] - ours[:, 1])
    down = ((y + reach)[:, None] >= theirs[None, :, 1]) & (y[:, None] <= theirs[None, :, 3])
    return across & down


def _covered(ours: Boxes, theirs: Boxes) -> npt.NDArray[np.float64]:
    """Share of each of their boxes that each of ours covers: shape (ours, theirs)."""
    low = np.maximum(ours[:, None, :2], theirs[None, :, :2])
    high = np.minimum(ours[:, None, 2:], theirs[None, :, 2:])
    sides = np.clip(high - low, 0.0, None).astype(np.float64)
    areas = (theirs[:, 2:] - theirs[:, :2]).astype(np.float64).prod(axis=1)
    shares: npt.NDArray[np.float64] = sides.prod(axis=2) / np.maximum(
        areas[None, :], np.finfo(np.float64).tiny
    )
    return shares


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

    def held(self, view: LookView, rules: Sequence[int]) -> Mapping[int, Sequence[bool]]:
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
