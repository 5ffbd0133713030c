"""Relations: how many other objects lie to each object as a rule asks."""

import numpy as np
import numpy.typing as npt

from detector.rules.look_view import LookView
from detector.rules.score_floors import floors_of
from models.rules.placement import PlacedBy
from models.rules.relation import Relation, RelationKind

Boxes = npt.NDArray[np.float32]
Counts = npt.NDArray[np.intp]
Pairs = npt.NDArray[np.bool_]

# The part of an upright body's box, from the top, in which the head is.
HEAD_SHARE = 1 / 3

# The hull of a boat hides the legs of who stands in it, so that what is seen of a person ends at or
# just above the boat's upper edge: by up to this share of what is seen.
HIDDEN_LEGS_SHARE = 0.2


def holds(relation: Relation, view: LookView, subjects: npt.NDArray[np.intp]) -> Pairs:
    """For which objects a relation holds.

    Args:
        relation: What else must be there, or must not.
        view: The look.
        subjects: Indices of the objects the rule is about.

    Returns:
        Shape (subjects,). False where it is in metres and cannot be measured.
    """
    found = view.found
    floors = floors_of(
        relation.classes, found.class_names, found.class_thresholds, relation.minimum_score
    )
    (others,) = np.nonzero(found.scores >= floors[found.class_ids])
    if not len(others) and relation.reach_m is None:
        return np.full(len(subjects), relation.at_least == 0)
    pairs = _pairs(relation, view, subjects, others)
    pairs &= subjects[:, None] != others[None, :]
    counts = pairs.sum(axis=1)
    enough: Pairs = counts >= relation.at_least
    if relation.at_most is not None:
        enough &= counts <= relation.at_most
    if relation.reach_m is not None:
        enough &= np.isfinite(_positions(view, subjects)).all(axis=1)
    return enough


def _pairs(
    relation: Relation, view: LookView, subjects: npt.NDArray[np.intp], others: npt.NDArray[np.intp]
) -> Pairs:
    ours, theirs = view.found.boxes[subjects], view.found.boxes[others]
    match relation.kind:
        case RelationKind.NEAR if relation.reach_m is not None:
            apart = _positions(view, subjects)[:, None] - _positions(view, others)[None, :]
            return np.hypot(apart[..., 0], apart[..., 1]) <= relation.reach_m
        case RelationKind.NEAR:
            return _gaps(ours, theirs, view.sizes.picture.aspect_ratio) <= (relation.reach or 0.0)
        case RelationKind.ON:
            return _feet_in(ours, theirs)
        case RelationKind.CARRIED:
            return _covered(ours, theirs) >= relation.share
        case RelationKind.AT_TOP:
            heads = ours.copy()
            heads[:, 3] = ours[:, 1] + (ours[:, 3] - ours[:, 1]) * HEAD_SHARE
            return _covered(heads, theirs) >= relation.share
        case RelationKind.SAME_ZONE:
            inside = view.box_places.of_points(PlacedBy.FOOT)
            shared: Pairs = np.any(inside[:, subjects, None] & inside[:, None, others], axis=0)
            return shared


def _positions(view: LookView, indices: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    ground = view.sizes.ground
    if ground is None:
        return np.full((len(indices), 2), np.nan)
    return ground.positions(view.found.boxes[indices], view.sizes.picture.aspect_ratio)


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
