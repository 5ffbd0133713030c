"""Appearance: what a standing thing looks like, to tell it from the next one in its place."""

import math
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Self

import cv2
import numpy as np
import numpy.typing as npt

from streams.frame import Picture

# Rows and columns of parts that a patch is compared in: the thing and a ring of what is around it.
CELLS = 6
# Pixels of a part each way. A patch is 36 pixels square whatever the box: about as much as a
# detector needs to see of a thing, and 1.3 kB to keep.
CELL_PIXELS = 6
PATCH_PIXELS = CELLS * CELL_PIXELS

# The patch reaches over the box by the ring, which is one of four parts of it on each side.
_RING = 1 / (CELLS - 2)

# A box of fewer pixels shows too little of a thing to tell two apart.
SMALLEST_SIDE_PIXELS = 16

_LIGHTING_SIDE = 11
"""Window whose mean is taken away: light and shading go, what is smaller stays."""
_PLAIN = 6.0
"""Mean square of detail, in squared levels, below which a part shows nothing."""
_SAME = 0.55
"""Likeness from which a part shows the same."""
_OTHER = 0.35
"""Likeness below which it shows something else."""
_SWAYS = ((1, 1), (0, 1), (2, 1), (1, 0), (1, 2))
"""Where the best fit is sought: rows and columns that the later patch is moved by, plus one."""

_LEAST_COMPARED = 6
"""Of the 16 parts of a thing, so many must show something in one of the looks."""
_SAME_SHARE = 0.55
"""Share of its parts that fit from which a thing is the same. On vehicles and rubbish in pictures
of two data sets 99 % of looks in other light, blur, sway and noise reach it, 4 % of swaps do."""
_OTHER_SHARE = 0.4
"""Share of its parts that do not fit from which it is another."""
_RING_SHARE = 0.5
_LEAST_RING = 4
"""Of the ring so much, and at least so many parts, must fit for a difference to be sure."""
_LIGHT_ALIKE = 0.25
"""Difference of the ring's logarithms up to which the light counts as the same: a quarter of it."""
_LIKE_CONTRAST = 0.7
"""And the contrast of the ring, so that fog, which whitens dark things first, is no other tone."""
_OTHER_TONE = 0.35
"""In the same light 95 % of things stay below 0.2, and 70 % of others in their place are above."""
_SURELY_OTHER_TONE = 0.8
"""The same shape in another colour: more than twice as bright as beside the same ring before. The
shadow of a tree on a thing alone takes less away."""
_DARKEST = 8.0
"""Levels added before the logarithm, so that noise in the dark is no colour."""

_INNER = np.zeros((CELLS, CELLS), np.bool_)
_INNER[1:-1, 1:-1] = True
_ACROSS = np.abs(np.arange(PATCH_PIXELS) + 0.5 - PATCH_PIXELS / 2) / CELL_PIXELS
_FROM_MIDDLE = np.maximum(_ACROSS[:, None], _ACROSS[None, :]).ravel()
_MIDDLE_PIXELS = np.flatnonzero(_FROM_MIDDLE < CELLS / 4)
_RING_PIXELS = np.flatnonzero(_FROM_MIDDLE > CELLS / 2 - 1)

Patch = npt.NDArray[np.int8]
Cells = npt.NDArray[np.float32]


class Likeness(Enum):
    """How two looks at one place compare."""

    SAME = "same"
    DIFFERENT = "different"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, eq=False)
class Appearance:
    """What was seen at one place of the picture.

    A standing thing is looked at where it was first seen, not where its box shook to, so that
    boxes which jitter do not blur what it looks like. The ring around it says whether the light
    and the view are still such that a difference means something.

    Attributes:
        place: float32 array of shape (4,): the box, picture fractions.
        patch: int8 array of (``PATCH_PIXELS``, ``PATCH_PIXELS``): luminance around and in the
            box, less its mean over some pixels, in levels.
        tones: float32 array of shape (2, 3): logarithm of the median blue, green and red in the
            middle of the box and in the ring around it.
    """

    place: npt.NDArray[np.float32]
    patch: Patch
    tones: npt.NDArray[np.float32]

    @classmethod
    def at(cls, place: npt.NDArray[np.float32], picture: Picture) -> Self | None:
        """What a picture shows at a place; None where the place is too small to tell things apart.

        Args:
            place: Shape (4,): left, top, right, bottom, picture fractions.
            picture: (height, width, 3) of uint8, BGR.
        """
        height, width = picture.shape[:2]
        sides = (place[2:] - place[:2]) * (width, height)
        if sides.min() < SMALLEST_SIDE_PIXELS:
            return None
        corners = place * np.array([width, height] * 2, np.float32)
        reach = sides * _RING
        left, top = np.floor(corners[:2] - reach).astype(int)
        right, bottom = np.ceil(corners[2:] + reach).astype(int)
        inside = picture[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
        # Halving by areas what is much larger than the patch would cost as much as all the rest.
        step = max(min(inside.shape[:2]) // (2 * PATCH_PIXELS), 1)
        around = np.ascontiguousarray(inside[::step, ::step])
        above, below, before, behind = (
            int(max(over, 0)) // step for over in (-top, bottom - height, -left, right - width)
        )
        if above or below or before or behind:
            around = np.asarray(
                cv2.copyMakeBorder(around, above, below, before, behind, cv2.BORDER_REPLICATE),
                np.uint8,
            )
        small = np.asarray(
            cv2.resize(around, (PATCH_PIXELS, PATCH_PIXELS), interpolation=cv2.INTER_AREA), np.uint8
        )
        values = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32)
        detail = values - cv2.blur(values, (_LIGHTING_SIDE, _LIGHTING_SIDE))
        patch = np.clip(detail, -127, 127).astype(np.int8)
        return cls(place.astype(np.float32), patch, _tones(small))

    @property
    def contrast(self) -> float:
        """Root of the mean square of its detail, in levels."""
        return float(np.sqrt(np.mean(np.square(self.patch, dtype=np.float32))))

    def likeness(self, later: Self) -> Likeness:
        """Whether a later look at the same place shows the same thing.

        It is the same if a good half of what can be compared fits, unless its tone is wholly
        another. It is another where less fits and much does not, or the light is as it was and
        its tone is not; but only if the ring around it fits: else the light has changed, or the
        camera moved.
        """
        fits, shows, contrast = _compared(self.patch, later.patch)
        inner = shows & _INNER
        compared = np.count_nonzero(inner)
        if compared < _LEAST_COMPARED:
            return Likeness.CANNOT_TELL
        ring = shows & ~_INNER
        around = np.count_nonzero(ring & (fits >= _SAME))
        sure = around >= max(_RING_SHARE * np.count_nonzero(ring), _LEAST_RING)
        tone = self._tone_apart(later) if _LIKE_CONTRAST < contrast < 1 / _LIKE_CONTRAST else 0.0
        if np.count_nonzero(inner & (fits >= _SAME)) >= _SAME_SHARE * compared:
            if tone <= _OTHER_TONE:
                return Likeness.SAME
            surely = sure and tone > _SURELY_OTHER_TONE
            return Likeness.DIFFERENT if surely else Likeness.CANNOT_TELL
        other = np.count_nonzero(inner & (fits < _OTHER)) >= _OTHER_SHARE * compared
        if sure and (other or tone > _OTHER_TONE):
            return Likeness.DIFFERENT
        return Likeness.CANNOT_TELL

    def _tone_apart(self, later: Self) -> float:
        """How far its tone beside the ring's is from what it was; 0 where the light is another."""
        middle, ring = later.tones - self.tones
        if float(np.abs(ring).max()) >= _LIGHT_ALIKE:
            return 0.0
        return float(np.abs(middle - ring).max())


class _Comparison(NamedTuple):
    """Two patches of one place, part by part.

    Attributes:
        fits: How well each part fits at the best shift, -1 to 1.
        shows: Which parts show something at all.
        contrast: How much contrast the ring has in the later one, beside the first.
    """

    fits: Cells
    shows: npt.NDArray[np.bool_]
    contrast: float


def _compared(first: Patch, later: Patch) -> _Comparison:
    one, two = first.astype(np.float32), later.astype(np.float32)
    framed = cv2.copyMakeBorder(two, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    shifted = [
        framed[down : down + PATCH_PIXELS, right : right + PATCH_PIXELS] for down, right in _SWAYS
    ]
    means = _means(np.stack([one * one, two * two, *(one * other for other in shifted)], axis=2))
    energies = means[..., 0], means[..., 1]
    scale = np.sqrt(np.maximum(energies[0] * energies[1], 1e-6))
    best = np.maximum((means[..., 2:] / scale[..., None]).max(axis=2), -1.0)
    shows = (energies[0] >= _PLAIN) | (energies[1] >= _PLAIN)
    ring = [float(energy[~_INNER].mean()) for energy in energies]
    return _Comparison(best, shows, math.sqrt(ring[1] / max(ring[0], 1e-6)))


def _tones(small: Picture) -> npt.NDArray[np.float32]:
    pixels = small.reshape(-1, 3)
    medians = [_medians(pixels[part]) for part in (_MIDDLE_PIXELS, _RING_PIXELS)]
    return np.asarray(np.log(np.array(medians) + _DARKEST), np.float32)


def _medians(pixels: Picture) -> npt.NDArray[np.float64]:
    """Median of each colour of some pixels (k, 3): shape (3,)."""
    # NumPy sorts bytes by counting them if it is to be stable: a third of the time of its median.
    ordered = np.sort(pixels.T, axis=1, kind="stable")
    count = ordered.shape[1]
    low, high = ordered[:, (count - 1) // 2], ordered[:, count // 2]
    return (low.astype(np.float64) + high) / 2


def _means(values: npt.NDArray[np.float32]) -> Cells:
    """Mean over the window around each part, which reaches half into its neighbours.

    Args:
        values: Shape (``PATCH_PIXELS``, ``PATCH_PIXELS``, k): k values of each pixel.

    Returns:
        Shape (``CELLS``, ``CELLS``, k).
    """
    halves = cv2.resize(values, (2 * CELLS, 2 * CELLS), interpolation=cv2.INTER_AREA)
    halves = cv2.blur(halves, (3, 3), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(halves, (CELLS, CELLS), interpolation=cv2.INTER_AREA), np.float32)
