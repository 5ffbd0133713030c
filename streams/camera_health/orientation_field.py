"""A picture's directions of edges: what stays the same when the light changes."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt
from scipy import fft

from streams.camera_health.picture_measures import CAPTION_SHARE, Grey

Spectrum = npt.NDArray[np.complex64]

FIELD_SIZE = (256, 144)
"""Columns and rows of a field: coarse enough not to mind shake and leaves in the wind."""
_WEAKEST_EDGE = 3.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well two fields fit.

    Attributes:
        value: Mean cosine of the doubled angle between their edges at the best shift: 1 for the
            same picture, about 0 for two that have nothing to do with each other.
        right: Shift of the later one, as a share of the picture's width.
        down: Shift of the later one, as a share of the picture's height.
    """

    value: float
    right: float
    down: float


@dataclass(frozen=True, slots=True, eq=False)
class OrientationField:
    """Directions of edges as unit vectors of the doubled angle, in the frequency domain.

    Orientation correlation after Fitch et al. 2002, "Orientation correlation"; the angle is
    doubled so that an edge that is bright on the other side by night still fits.

    Attributes:
        spectrum: Fourier transform of the field.
        energy: Sum of the squared lengths of its vectors.
    """

    spectrum: Spectrum
    energy: float

    @classmethod
    def of(cls, grey: Grey) -> Self:
        """The field of a picture of luminance."""
        small = cv2.resize(grey, FIELD_SIZE, interpolation=cv2.INTER_AREA)
        values = cv2.GaussianBlur(small.astype(np.float32), (0, 0), 1.0)
        across = cv2.Sobel(values, cv2.CV_32F, 1, 0, scale=0.125)
        down = cv2.Sobel(values, cv2.CV_32F, 0, 1, scale=0.125)
        edge = across + 1j * down
        field = edge * edge / (np.abs(edge) ** 2 + _WEAKEST_EDGE**2)
        caption = round(CAPTION_SHARE * FIELD_SIZE[1])
        field[:caption] = field[-caption:] = 0
        field -= field.mean()
        spectrum = fft.fft2(field.astype(np.complex64), workers=1)
        return cls(np.asarray(spectrum, np.complex64), float((np.abs(field) ** 2).sum()))

    def agreement(self, later: Self) -> Agreement:
        """Find the shift at which ``later`` fits best."""
        energy = np.sqrt(self.energy * later.energy)
        if energy <= 0:
            return Agreement(0.0, 0.0, 0.0)
        surface = fft.ifft2(np.conj(self.spectrum) * later.spectrum, workers=1).real
        row, column = np.unravel_index(int(np.argmax(surface)), surface.shape)
        columns, rows = FIELD_SIZE
        right, down = (
            (int(column) + columns // 2) % columns - columns // 2,
            (int(row) + rows // 2) % rows - rows // 2,
        )
        return Agreement(float(surface[row, column] / energy), right / columns, down / rows)
