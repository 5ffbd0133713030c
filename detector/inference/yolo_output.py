"""Reading the output of YOLO detection models, with numpy and OpenCV only."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from models.intake.output_layout import OutputLayout
from streams.kit.errors import CityPatrolError

MAXIMUM_DETECTIONS = 300
"""Boxes kept per picture, as in Ultralytics; a street shows fewer."""

# Non-maximum suppression costs the square of the candidates: 8400 of them, which only a
# broken model yields, took 164 ms, and the best 2000, far more than are kept, 10 ms.
_MAXIMUM_CANDIDATES = 2000


class ModelOutputError(CityPatrolError):
    """A model's output is not one that can be read, or holds values that mean nothing."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Which boxes are kept.

    Attributes:
        confidence: Boxes that score less are dropped.
        iou: Of two boxes of one class that overlap by more than this intersection over union,
            the one that scores less is dropped.
    """

    confidence: float
    iou: float


@dataclass(frozen=True, slots=True, eq=False)
class FoundBoxes:
    """The boxes of one picture, best first.

    Attributes:
        boxes: float32 array of shape (n, 4): left, top, right, bottom in input pixels.
        scores: float32 array of shape (n,), 0 to 1.
        class_ids: int64 array of shape (n,).
    """

    boxes: npt.NDArray[np.float32]
    scores: npt.NDArray[np.float32]
    class_ids: npt.NDArray[np.int64]

    def select(self, indices: npt.NDArray[np.intp]) -> "FoundBoxes":
        """Those at ``indices``, in that order."""
        return FoundBoxes(self.boxes[indices], self.scores[indices], self.class_ids[indices])


def read_output(
    output: npt.NDArray[np.float32], layout: OutputLayout, thresholds: Thresholds
) -> FoundBoxes:
    """The objects in the output of one picture.

    Args:
        output: Shape as ``layout`` says.
        layout: See ``OutputLayout``.
        thresholds: Which boxes are kept.

    Returns:
        At most ``MAXIMUM_DETECTIONS`` boxes, best first.

    Raises:
        ModelOutputError: A value is not finite.
    """
    if not np.isfinite(output).all():
        raise ModelOutputError("the model's output holds values that are not finite")
    if layout is OutputLayout.END_TO_END:
        return _end_to_end(output, thresholds)
    return _without_repeats(_raw_candidates(output, thresholds), thresholds)


def _end_to_end(output: npt.NDArray[np.float32], thresholds: Thresholds) -> FoundBoxes:
    kept = output[output[:, 4] > thresholds.confidence]
    found = FoundBoxes(
        boxes=kept[:, :4].astype(np.float32),
        scores=kept[:, 4].astype(np.float32),
        class_ids=kept[:, 5].astype(np.int64),
    )
    return found.select(_best(found.scores, MAXIMUM_DETECTIONS))


def _raw_candidates(output: npt.NDArray[np.float32], thresholds: Thresholds) -> FoundBoxes:
    class_scores = output[4:]
    places = np.flatnonzero(class_scores.max(axis=0) > thresholds.confidence)
    class_scores = class_scores[:, places]
    class_ids = class_scores.argmax(axis=0)
    scores = class_scores[class_ids, np.arange(len(places))]
    centre, half = output[:2, places].T, output[2:4, places].T / 2
    found = FoundBoxes(
        boxes=np.concatenate([centre - half, centre + half], axis=1).astype(np.float32),
        scores=scores.astype(np.float32),
        class_ids=class_ids.astype(np.int64),
    )
    return found.select(_best(found.scores, _MAXIMUM_CANDIDATES))


def _without_repeats(found: FoundBoxes, thresholds: Thresholds) -> FoundBoxes:
    if len(found.scores) == 0:
        return found
    corners = np.concatenate([found.boxes[:, :2], found.boxes[:, 2:] - found.boxes[:, :2]], axis=1)
    kept = cv2.dnn.NMSBoxesBatched(
        corners.tolist(),
        found.scores.tolist(),
        found.class_ids.tolist(),
        score_threshold=0.0,
        nms_threshold=thresholds.iou,
    )
    return found.select(np.asarray(kept, np.intp).ravel()[:MAXIMUM_DETECTIONS])


def _best(scores: npt.NDArray[np.float32], maximum: int) -> npt.NDArray[np.intp]:
    return np.argsort(-scores, kind="stable")[:maximum]
