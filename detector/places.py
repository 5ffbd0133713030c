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


@dataclass(frozen=True, slots=True, eq=False)
class Overlaps:
    """How each of m boxes overlaps with each of n.

    Attributes:
        iou: Shape (m, n), shared area over joint area.
        inside: Shape (m, n), shared area over the smaller box's area.
    """

    iou: npt.NDArray[np.float32]
    inside: npt.NDArray[np.float32]

    @property
    def same_place(self) -> npt.NDArray[np.bool_]:
        """Shape (m, n): whether two boxes can be the same thing standing in one place."""
        covered = (self.iou >= COVERED_IOU) & (self.inside >= COVERED_INSIDE)
        return (self.iou >= SAME_PLACE_IOU) | covered


def overlaps(first: Boxes, second: Boxes) -> Overlaps:
    """Overlap of every box of ``first`` (m, 4) with every box of ``second`` (n, 4)."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    sides = np.maximum(high - low, 0.0)
    shared = sides[..., 0] * sides[..., 1]
    areas = [
        np.maximum(boxes[:, 2] - boxes[:, 0], 0) * np.maximum(boxes[:, 3] - boxes[:, 1], 0)
        for boxes in (first, second)
    ]
    joint = areas[0][:, None] + areas[1][None, :] - shared
    smaller = np.minimum(areas[0][:, None], areas[1][None, :])
    # A box without area overlaps with nothing.
    tiny = np.finfo(np.float32).tiny
    return Overlaps(
        iou=(shared / np.maximum(joint, tiny)).astype(np.float32),
        inside=(shared / np.maximum(smaller, tiny)).astype(np.float32),
    )
