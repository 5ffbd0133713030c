"""Fitting a picture of any size into a network's input, and its boxes back."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from streams.frame import Picture

PADDING_GREY = 114
"""The grey that Ultralytics pads with in training; another one would cost accuracy."""

# Ultralytics splits an odd padding this way: the smaller half goes to the left and top.
_HALF_DOWN = 0.1


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How one picture lies in the network's input: scaled alike in x and y, and centred.

    It places pictures exactly as Ultralytics does, so that results agree with training.

    Attributes:
        input_width: Width of the network's input, pixels.
        input_height: Height of the network's input, pixels.
        width: Width of the scaled picture, input pixels.
        height: Height of the scaled picture, input pixels.
        left: Padding to the left of it, input pixels.
        top: Padding above it, input pixels.
    """

    input_width: int
    input_height: int
    width: int
    height: int
    left: int
    top: int

    @classmethod
    def fitting(cls, picture: Picture, input_width: int, input_height: int) -> Self:
        """Lay ``picture`` into an input of the given size, pixels."""
        picture_height, picture_width = picture.shape[:2]
        scale = min(input_height / picture_height, input_width / picture_width)
        width = max(round(picture_width * scale), 1)
        height = max(round(picture_height * scale), 1)
        return cls(
            input_width=input_width,
            input_height=input_height,
            width=width,
            height=height,
            left=round((input_width - width) / 2 - _HALF_DOWN),
            top=round((input_height - height) / 2 - _HALF_DOWN),
        )

    def apply(self, picture: Picture) -> Picture:
        """The network's input: uint8 of shape (input_height, input_width, 3), BGR."""
        if picture.shape[:2] != (self.height, self.width):
            picture = cv2.resize(
                picture, (self.width, self.height), interpolation=cv2.INTER_LINEAR
            ).astype(np.uint8, copy=False)
        filled = np.full((self.input_height, self.input_width, 3), PADDING_GREY, np.uint8)
        filled[self.top : self.top + self.height, self.left : self.left + self.width] = picture
        return filled

    def fractions(self, boxes: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Bring boxes back to the picture.

        Args:
            boxes: Shape (n, 4): left, top, right, bottom in input pixels.

        Returns:
            The same boxes as fractions of the picture, clipped to it.
        """
        offset = np.array([self.left, self.top, self.left, self.top], np.float32)
        size = np.array([self.width, self.height, self.width, self.height], np.float32)
        placed: npt.NDArray[np.float32] = np.clip((boxes - offset) / size, 0.0, 1.0)
        return placed
