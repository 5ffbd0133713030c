"""Picture crop: the part of a picture around boxes, with some of what surrounds them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from streams.frame import Picture

Boxes = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PictureCrop:
    """A rectangle of a picture, pixels; at least two by two.

    Attributes:
        left: First column.
        top: First row.
        right: Column after the last.
        bottom: Row after the last.
    """

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def around(cls, picture: Picture, boxes: Boxes, margin: float, least_side: int = 2) -> Self:
        """The crop that holds all boxes.

        Args:
            picture: What is cropped.
            boxes: (k, 4) fractions of the picture, k >= 1.
            margin: What is added on each side, as a share of the boxes' width and height.
            least_side: Pixels that each side has at least, where the picture has as many.
        """
        height, width = picture.shape[:2]
        size = np.array([width, height], np.float64)
        low, high = boxes[:, :2].min(axis=0) * size, boxes[:, 2:].max(axis=0) * size
        reach = np.maximum((high - low) * (1 + 2 * margin), least_side) / 2
        reach = np.minimum(reach, size / 2)
        # At an edge it is moved inwards, so that it shows as much as elsewhere.
        middle = np.clip((low + high) / 2, reach, size - reach)
        left, top = np.clip(np.floor(middle - reach), 0, size - 2).astype(int)
        right, bottom = np.clip(np.ceil(middle + reach), (left + 2, top + 2), size).astype(int)
        return cls(int(left), int(top), int(right), int(bottom))

    def of(self, picture: Picture) -> Picture:
        """This part of the picture, as a view of it."""
        return picture[self.top : self.bottom, self.left : self.right]

    def in_picture(self, picture: Picture, boxes: Boxes) -> Boxes:
        """Boxes given as fractions of the crop, as fractions of the whole picture."""
        height, width = picture.shape[:2]
        offset = np.array([self.left, self.top] * 2, np.float32)
        sides = np.array([self.right - self.left, self.bottom - self.top] * 2, np.float32)
        whole = np.array([width, height] * 2, np.float32)
        placed: Boxes = (boxes * sides + offset) / whole
        return placed
