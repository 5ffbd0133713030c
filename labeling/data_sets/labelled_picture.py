"""One picture with the boxes that annotators drew in it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPicture:
    """A picture whose labels can all be trusted to be there.

    Attributes:
        path: The picture's file.
        width: Pixels across, as shown: after the rotation that its EXIF data asks for.
        height: Pixels down, as shown.
        boxes: float32 (n, 4): left, top, right, bottom as fractions of width and height.
        class_ids: int64 (n,): index of each box's class in its data set's own class names.
        camera: Camera or clip that it is from, or empty if unknown.
    """

    path: Path
    width: int
    height: int
    boxes: NDArray[np.float32]
    class_ids: NDArray[np.int64]
    camera: str = ""

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise ValueError(f"{self.path} is {self.width} x {self.height} pixels")
        if self.boxes.ndim != 2 or self.boxes.shape[1] != 4:
            raise ValueError(f"{self.path}: boxes must be (n, 4), got {self.boxes.shape}")
        if self.class_ids.shape != (len(self.boxes),):
            raise ValueError(
                f"{self.path}: class_ids must be ({len(self.boxes)},), got {self.class_ids.shape}"
            )
        inside = (self.boxes >= 0) & (self.boxes <= 1)
        if not inside.all() or not (self.boxes[:, :2] < self.boxes[:, 2:]).all():
            raise ValueError(f"{self.path}: boxes must lie in the picture and have a size")

    @property
    def pixel_boxes(self) -> NDArray[np.float32]:
        """float32 (n, 4): left, top, right, bottom in pixels of the picture as shown."""
        size = np.array([self.width, self.height] * 2, np.float32)
        return self.boxes * size
