"""Detections: the boxes a model found in one frame."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """Boxes of one frame.

    Attributes:
        boxes: float32 array of shape (n, 4): left, top, right, bottom as fractions of the
            picture's width and height, x to the right and y downwards.
        scores: float32 array of shape (n,), 0 to 1.
        class_ids: int64 array of shape (n,), indices into ``class_names``.
        class_names: Every class that would have been found: those that the models know which
            looked at the frame.
        class_thresholds: Score from which a box of each class counts unless a rule asks for
            its own, in the order of ``class_names``; empty where nothing is known of that.

    Raises:
        ValueError: Arrays disagree in length, or a value is out of its range.

    Example:
        >>> import numpy as np
        >>> found = Detections(
        ...     boxes=np.array([[0.1, 0.2, 0.3, 0.4]], np.float32),
        ...     scores=np.array([0.9], np.float32),
        ...     class_ids=np.array([1]),
        ...     class_names=("person", "bicycle"),
        ... )
        >>> found.class_name(0)
        'bicycle'
    """

    boxes: npt.NDArray[np.float32]
    scores: npt.NDArray[np.float32]
    class_ids: npt.NDArray[np.int64]
    class_names: tuple[str, ...]
    class_thresholds: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        count = len(self.scores)
        if self.boxes.shape != (count, 4) or self.class_ids.shape != (count,):
            raise ValueError(
                f"detections: boxes {self.boxes.shape}, scores {self.scores.shape} and "
                f"class_ids {self.class_ids.shape} do not describe the same objects"
            )
        if len(self.class_thresholds) not in {0, len(self.class_names)}:
            raise ValueError(
                f"detections: {len(self.class_thresholds)} class_thresholds for "
                f"{len(self.class_names)} class_names"
            )
        if count == 0:
            return
        if self.class_ids.min() < 0 or self.class_ids.max() >= len(self.class_names):
            raise ValueError(
                f"detections: class_ids reach {self.class_ids.max()}, "
                f"but there are {len(self.class_names)} class names"
            )
        if not (np.isfinite(self.boxes).all() and np.isfinite(self.scores).all()):
            raise ValueError("detections: boxes or scores hold a value that is not finite")

    def __len__(self) -> int:
        return len(self.scores)

    def class_name(self, index: int) -> str:
        """Name of the class of the box at ``index``."""
        return self.class_names[int(self.class_ids[index])]


NOTHING_DETECTED = Detections(
    boxes=np.zeros((0, 4), np.float32),
    scores=np.zeros(0, np.float32),
    class_ids=np.zeros(0, np.int64),
    class_names=(),
)
"""No box, and no class that would have been found."""
