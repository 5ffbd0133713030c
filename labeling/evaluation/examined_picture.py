"""An examined picture: what was marked in it and what a model found, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from detector.detections import Detections
from labeling.data_sets.labelled_picture import LabelledPicture
from labeling.evaluation.scored_class import ScoredClass
from models.cards.model_card import Preprocessing

REPEAT_IOU = 0.7
"""Two boxes found that overlap more are the same thing found twice; usual where mAP is measured."""


@dataclass(frozen=True, slots=True, eq=False)
class ExaminedPicture:
    """Marked and found boxes of one picture, of the scored classes only.

    Boxes are left, top, right, bottom in input pixels: those of the picture once it is scaled to
    the model's input, so that small, medium and large mean what the model sees.

    Attributes:
        path: The picture.
        marked_boxes: float64 array of shape (m, 4).
        marked_classes: int64 array of shape (m,), indices into the scored classes.
        found_boxes: float64 array of shape (n, 4).
        found_classes: int64 array of shape (n,), indices into the scored classes.
        found_scores: float64 array of shape (n,), 0 to 1.

    Raises:
        ValueError: Arrays disagree in length.
    """

    path: Path
    marked_boxes: npt.NDArray[np.float64]
    marked_classes: npt.NDArray[np.int64]
    found_boxes: npt.NDArray[np.float64]
    found_classes: npt.NDArray[np.int64]
    found_scores: npt.NDArray[np.float64]

    def __post_init__(self) -> None:
        marked, found = len(self.marked_classes), len(self.found_classes)
        if (
            self.marked_boxes.shape != (marked, 4)
            or self.found_boxes.shape != (found, 4)
            or self.found_scores.shape != (found,)
        ):
            raise ValueError(
                f"examined picture {self.path}: marked boxes {self.marked_boxes.shape} and "
                f"classes ({marked},), found boxes {self.found_boxes.shape}, scores "
                f"{self.found_scores.shape} and classes ({found},) do not fit together"
            )


def examined_picture(
    picture: LabelledPicture,
    found: Detections,
    classes: Sequence[ScoredClass],
    preprocessing: Preprocessing,
) -> ExaminedPicture:
    """Bring the labels of ``picture`` and what a model found in it to the scored classes.

    What the model found of other classes is left out: nobody marked these in the set, so that
    nobody can say whether it is right.
    """
    scale = min(
        preprocessing.input_width / picture.width, preprocessing.input_height / picture.height
    )
    size = np.array([picture.width, picture.height, picture.width, picture.height]) * scale
    found_boxes = found.boxes.astype(np.float64) * size
    marked = [np.flatnonzero(np.isin(picture.class_ids, entry.own_ids)) for entry in classes]
    kept = [_found_of(entry, found, found_boxes) for entry in classes]
    marked_indices, kept_indices = _joined(marked), _joined(kept)
    return ExaminedPicture(
        path=picture.path,
        marked_boxes=picture.boxes.astype(np.float64)[marked_indices] * size,
        marked_classes=np.repeat(np.arange(len(classes)), [len(part) for part in marked]),
        found_boxes=found_boxes[kept_indices],
        found_classes=np.repeat(np.arange(len(classes)), [len(part) for part in kept]),
        found_scores=found.scores.astype(np.float64)[kept_indices],
    )


def _found_of(
    entry: ScoredClass, found: Detections, boxes: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    indices = np.flatnonzero(np.isin(found.class_ids, entry.found_ids))
    if len(entry.found_ids) < 2 or len(indices) < 2:
        return indices
    # One thing may have been found as car and as truck; the set knows one word for both.
    corners = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)[indices]
    kept = cv2.dnn.NMSBoxes(corners.tolist(), found.scores[indices].tolist(), 0.0, REPEAT_IOU)
    return indices[np.asarray(kept, np.int64).ravel()]


def _joined(parts: Sequence[npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    return np.concatenate([np.empty(0, np.int64), *parts])
