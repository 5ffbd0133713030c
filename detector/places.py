"""Places: how much boxes of the same picture overlap."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[np.float32]

# Boxes of a standing object shake; one that shares less than this with where the object
# stood is taken for something else.
SAME_PLACE_IOU = 0.45

# A standing object half hidden gives a smaller box inside its own place.
COVERED_IOU = 0.3
COVERED_INSIDE = 0.85


# What areas are divided by at least, so that a box without area overlaps with nothing.
_TINY = np.finfo(np.float32).tiny

Areas = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Overlaps:
    """How each of m boxes overlaps with each of n.

    Attributes:
        shared: Shape (m, n): area of what two boxes share.
        first_areas: Shape (m, 1).
        second_areas: Shape (n,).
    """

    shared: Areas
    first_areas: Areas
    second_areas: Areas

    @property
    def iou(self) -> Areas:
        """Shape (m, n): shared area over joint area."""
        joint = self.first_areas + self.second_areas - self.shared
        iou: Areas = np.divide(self.shared, np.maximum(joint, _TINY), dtype=np.float32)
        return iou

    @property
    def inside(self) -> Areas:
        """Shape (m, n): shared area over the smaller box's area."""
        smaller = np.minimum(self.first_areas, self.second_areas)
        inside: Areas = np.divide(self.shared, np.maximum(smaller, _TINY), dtype=np.float32)
        return inside

    @property
    def same_place(self) -> npt.NDArray[np.bool_]:
        """Shape (m, n): whether two boxes can be the same thing standing in one place."""
        iou = self.iou
        covered = (iou >= COVERED_IOU) & (self.inside >= COVERED_INSIDE)
        return (iou >= SAME_PLACE_IOU) | covered


def overlaps(first: Boxes, second: Boxes) -> Overlaps:
    """Overlap of every box of ``first`` (m, 4) with every box of ``second`` (n, 4)."""
    ours, theirs = first.T[:, :, None], second.T[:, None, :]
    sides = np.minimum(ours[2:], theirs[2:])
    sides -= np.maximum(ours[:2], theirs[:2])
    np.maximum(sides, 0.0, out=sides)
    return Overlaps(sides[0] * sides[1], _areas(ours), _areas(theirs)[0])


def _areas(columns: Areas) -> Areas:
    """Areas of boxes whose four numbers come first."""
    sides = np.maximum(columns[2:] - columns[:2], 0.0)
    areas: Areas = sides[0] * sides[1]
    return areas
