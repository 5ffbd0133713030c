"""A picture's fine detail, to tell part by part whether two pictures show the same."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from streams.camera_health.picture_measures import Floats, Grey, noise_of

DETAIL_WIDTH = 320
"""Pixels across in which detail is compared: half of what health looks at, so that a camera that
sways by three of its pixels sways by less than two of these."""

DETAIL_CELLS = (18, 32)
"""Rows and columns of the parts that are compared: about 10 pixels square, as a heap of rubbish
30 m away is in a picture of a street."""

_LIGHTING_SIDE = 21
"""Window whose mean is taken away: light and shading go, what is smaller stays."""
_WINDOW_HALVES = 3
"""Side of the window that a part is compared in, in halves of a part: neighbours overlap, so that
an edge between two of them belongs to both."""
_SWAY = 2
"""Pixels each way in which the best fit is sought. To try every second only takes half the time,
but a sway of one pixel then costs so much likeness that parts seem changed."""


@dataclass(frozen=True, slots=True, eq=False)
class DetailField:
    """What is left of a picture's luminance when its light is taken away.

    Attributes:
        detail: float32 array of shape (height, ``DETAIL_WIDTH``).
        energy: float32 array of ``DETAIL_CELLS``: mean square of the detail in each part.
        noise: Mean square that noise puts there.
    """

    detail: Floats
    energy: Floats
    noise: float

    @classmethod
    def of(cls, grey: Grey) -> Self:
        """The field of a picture of luminance."""
        height, width = grey.shape
        size = (DETAIL_WIDTH, max(round(height * DETAIL_WIDTH / width), DETAIL_CELLS[0]))
        small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        detail = np.asarray(small - cv2.blur(small, (_LIGHTING_SIDE, _LIGHTING_SIDE)), np.float32)
        # Averaging pixels takes noise away as it does in their number.
        shrink = min(size[0] / width, 1.0)
        return cls(detail, _in_cells(detail * detail), float((noise_of(grey) * shrink) ** 2))

    def likeness(self, later: Self) -> Floats:
        """How well a later picture fits in each part, wherever within a little sway it fits best.

        Returns:
            float32 array of ``DETAIL_CELLS``: normalised cross-correlation, from -1 to 1; it does
            not depend on brightness and contrast.
        """
        best = np.full(DETAIL_CELLS, -1.0, np.float32)
        height, width = self.detail.shape
        framed = cv2.copyMakeBorder(later.detail, _SWAY, _SWAY, _SWAY, _SWAY, cv2.BORDER_REPLICATE)
        scale = np.sqrt(np.maximum(self.energy * later.energy, 1e-6))
        for down in range(2 * _SWAY + 1):
            for right in range(2 * _SWAY + 1):
                shifted = framed[down : down + height, right : right + width]
                np.maximum(best, _in_cells(self.detail * shifted) / scale, out=best)
        return np.clip(best, -1.0, 1.0)


def _in_cells(values: npt.NDArray[np.float32]) -> Floats:
    """Mean over the window around each part."""
    rows, columns = DETAIL_CELLS
    means = cv2.resize(values, (columns * 2, rows * 2), interpolation=cv2.INTER_AREA)
    window = (_WINDOW_HALVES, _WINDOW_HALVES)
    means = cv2.blur(means, window, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(means, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)
