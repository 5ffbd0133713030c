"""Boxes: how they overlap, where they stand, how large they are."""

from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from detector.geometry.ground_measures import GroundMeasures

FloatType = TypeVar("FloatType", np.float32, np.float64)

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


Measures = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Overlaps:
    """How each of m boxes overlaps with each of n.

    Attributes:
        iou: Shape (m, n): shared area over joint area.
        shared: Shape (m, n): area of what two boxes share.
        first_areas: Shape (m, 1).
        second_areas: Shape (n,).
    """

    iou: Areas
    shared: Areas
    first_areas: Areas
    second_areas: Areas

    @property
    def inside(self) -> Areas:
        """Shape (m, n): shared area over the smaller box's area."""
        smaller = np.minimum(self.first_areas, self.second_areas)
        inside: Areas = np.divide(self.shared, np.maximum(smaller, _TINY), dtype=np.float32)
        return inside

    @property
    def same_place(self) -> npt.NDArray[np.bool_]:
        """Shape (m, n): whether two boxes can be the same thing standing in one place."""
        covered = (self.iou >= COVERED_IOU) & (self.inside >= COVERED_INSIDE)
        return (self.iou >= SAME_PLACE_IOU) | covered


def overlaps(first: Boxes, second: Boxes) -> Overlaps:
    """Overlap of every box of ``first`` (m, 4) with every box of ``second`` (n, 4)."""
    ours, theirs = first.T[:, :, None], second.T[:, None, :]
    sides = np.minimum(ours[2:], theirs[2:])
    sides -= np.maximum(ours[:2], theirs[:2])
    np.maximum(sides, 0.0, out=sides)
    shared = sides[0] * sides[1]
    first_areas, second_areas = _areas(first)[:, None], _areas(second)
    joint = first_areas + second_areas
    joint -= shared
    iou = np.divide(shared, np.maximum(joint, _TINY, out=joint), out=joint)
    return Overlaps(iou, shared, first_areas, second_areas)


def foot_points(boxes: npt.NDArray[FloatType]) -> npt.NDArray[FloatType]:
    """The middle of the lower edge of each box, where an object meets the ground.

    Args:
        boxes: Shape (n, 4): left, top, right, bottom.

    Returns:
        Shape (n, 2): x and y in the same units.
    """
    points = boxes[:, 2:].copy()
    points[:, 0] += boxes[:, 0]
    points[:, 0] /= 2
    return points


def _areas(boxes: Boxes) -> Areas:
    """Shape (n,)."""
    sides = boxes[:, 2:] - boxes[:, :2]
    np.maximum(sides, 0.0, out=sides)
    areas: Areas = sides[:, 0] * sides[:, 1]
    return areas


@dataclass(frozen=True, slots=True)
class PictureSize:
    """Width and height of a picture in pixels."""

    width: int
    height: int

    @property
    def aspect_ratio(self) -> float:
        """Width over height."""
        return self.width / self.height


@dataclass(slots=True, eq=False)
class BoxSizes:
    """The sizes of a look's boxes, each worked out when first asked for.

    Attributes:
        boxes: Shape (n, 4), picture fractions.
        picture: Size of the picture.
        ground: What the camera knows of the ground, or None if it is not calibrated.
    """

    boxes: npt.NDArray[np.float32]
    picture: PictureSize
    ground: GroundMeasures | None
    _known: dict[str, Measures] = field(default_factory=dict, init=False)

    def measure(self, name: str) -> Measures:
        """One measure of each box: shape (n,).

        Args:
            name: A measure of ``SizeLimits`` without ``minimum_`` or ``maximum_``.

        Returns:
            NaN where it cannot be said: in metres, without calibration or beyond its reach.
        """
        if name not in self._known:
            self._known[name] = self._work_out(name)
        return self._known[name]

    def _work_out(self, name: str) -> Measures:
        sides = (self.boxes[:, 2:] - self.boxes[:, :2]).astype(np.float64)
        match name:
            case "width_px":
                return sides[:, 0] * self.picture.width
            case "height_px":
                return sides[:, 1] * self.picture.height
            case "picture_share":
                return sides[:, 0] * sides[:, 1]
        if self.ground is None:
            return np.full(len(self.boxes), np.nan)
        on_ground = {
            "width_m": self.ground.widths_m,
            "height_m": self.ground.heights_m,
            "area_m2": self.ground.areas_m2,
        }
        return on_ground[name](self.boxes, self.picture.aspect_ratio)
