"""A frame: one picture of one camera at one moment."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from streams.stream_facts import NO_FACTS, StreamFacts

Picture = npt.NDArray[np.uint8]
"""Height x width x 3, blue-green-red, as OpenCV keeps it."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One decoded picture.

    Attributes:
        camera_id: Whose picture it is.
        picture: uint8 array of shape (height, width, 3), BGR.
        captured_at: Wall-clock time at which the picture's data had arrived, with time zone.
        sequence: Counts the frames of this camera's reader from 0, over reconnects.
        facts: What the stream said of itself when the picture came.

    Raises:
        ValueError: The array is no BGR picture or the time has no zone.
    """

    camera_id: str
    picture: Picture
    captured_at: datetime
    sequence: int
    facts: StreamFacts = NO_FACTS

    def __post_init__(self) -> None:
        shape = self.picture.shape
        if self.picture.dtype != np.uint8 or len(shape) != 3 or shape[2] != 3 or 0 in shape:
            raise ValueError(
                f"frame of camera {self.camera_id!r}: picture has shape {shape} and type "
                f"{self.picture.dtype}, needs (height, width, 3) of uint8"
            )
        if self.captured_at.tzinfo is None:
            raise ValueError(
                f"frame of camera {self.camera_id!r}: captured_at {self.captured_at} has no zone"
            )

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.picture.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.picture.shape[0])
