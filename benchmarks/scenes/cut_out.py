"""A cut-out: the picture of one thing without its surroundings."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from streams.kit.errors import CityPatrolError

CutOutPixels = npt.NDArray[np.uint8]


class CutOutError(CityPatrolError):
    """A cut-out cannot be had; the text names the class and the way out."""


@dataclass(frozen=True, slots=True, eq=False)
class CutOut:
    """One thing, cut out.

    Attributes:
        what: Its visual class.
        pixels: uint8 (height, width, 4): blue, green, red and how much of the background it
            hides. Some pixel at each of its four sides hides at least half.
        origin: Where it was cut from, to find it again.

    Raises:
        ValueError: The pixels have another shape.
    """

    what: str
    pixels: CutOutPixels
    origin: str

    def __post_init__(self) -> None:
        shape = self.pixels.shape
        if self.pixels.dtype != np.uint8 or len(shape) != 3 or shape[2] != 4 or 0 in shape:
            raise ValueError(f"cut-out {self.origin}: pixels are {shape} of {self.pixels.dtype}")

    @property
    def aspect(self) -> float:
        """Width over height."""
        height, width = self.pixels.shape[:2]
        return float(width / height)

    def scaled(self, height: int) -> "CutOut":
        """This cut-out at another height in pixels."""
        height = max(height, 2)
        width = max(round(height * self.aspect), 2)
        shrinks = height < self.pixels.shape[0]
        how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
        # Colours count only where something is, or the surroundings would shine through the rim.
        cover = self.pixels[:, :, 3:].astype(np.float32) / 255
        colours = cv2.resize(self.pixels[:, :, :3] * cover, (width, height), interpolation=how)
        rim = cv2.resize(cover, (width, height), interpolation=how).clip(0, 1)[:, :, None]
        pixels = np.concatenate([colours / np.maximum(rim, 1 / 255), rim * 255], axis=2)
        return CutOut(self.what, pixels.clip(0, 255).astype(np.uint8), self.origin)


def trimmed(what: str, pixels: CutOutPixels, origin: str) -> CutOut:
    """A cut-out of ``pixels`` without the empty rim.

    Raises:
        CutOutError: Nothing of it hides anything.
    """
    hides = pixels[:, :, 3] >= 128
    rows, columns = np.flatnonzero(hides.any(axis=1)), np.flatnonzero(hides.any(axis=0))
    if not rows.size:
        raise CutOutError(f"cut-out {origin} of a {what} is empty")
    inside = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return CutOut(what, np.ascontiguousarray(inside), origin)
