"""Self-test: a model finds in a stored picture what its card says, or is not let to work."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from detector.detections import Detections
from detector.geometry.boxes import overlaps
from detector.inference.backend import Backend
from models.cards.model_card import ModelFileError
from models.cards.self_test import ExpectedDetection
from models.cards.stored_model import InstalledModel
from streams.frame import Picture
from streams.kit.errors import CityPatrolError

# The score from which ``SelfTest.maximum_detections`` counts boxes.
COUNTED_SCORE = 0.25


class SelfTestError(CityPatrolError):
    """A model does not find in its self-test's picture what its card says."""


@dataclass(frozen=True, slots=True)
class SelfTestResult:
    """What a self-test that was passed came to.

    Attributes:
        expected: Boxes that had to be found, and were.
        detections: Boxes found in all, of score 0.25 or more.
    """

    expected: int
    detections: int


def run_self_test(installed: InstalledModel, backend: Backend) -> SelfTestResult | None:
    """Let a model prove itself on the picture that its card names.

    Args:
        installed: The model, for its card and its picture.
        backend: Runs the model.

    Returns:
        What was found; None where the card has no self-test.

    Raises:
        SelfTestError: An expected box was not found, or far too many were; says how near the
            model came.
        ModelFileError: The picture is missing, is another one, or is unreadable.
        InferenceError: The model failed on the picture.
    """
    test = installed.card.self_test
    if test is None:
        return None
    picture = read_self_test_picture(installed.checked(test.picture))
    found = backend.detect([picture]).result()[0]
    where = f"model {installed.card.model_version} fails its self-test on {test.picture.path}"
    for number, expected in enumerate(test.expected, start=1):
        miss = _miss(expected, found)
        if miss is not None:
            raise SelfTestError(
                f"{where}: expected box {number} of {len(test.expected)}, {expected.visual_class} "
                f"at {_shown(expected)}, was not found: {miss}"
            )
    counted = int((found.scores >= COUNTED_SCORE).sum())
    if counted > test.maximum_detections:
        raise SelfTestError(
            f"{where}: it finds {counted} boxes of score {COUNTED_SCORE:g} or more, "
            f"{test.maximum_detections} are the most that make sense there"
        )
    return SelfTestResult(len(test.expected), counted)


def _miss(expected: ExpectedDetection, found: Detections) -> str | None:
    """Why no box found is the expected one, or None if one is."""
    if expected.visual_class not in found.class_names:
        return f"the model knows no class {expected.visual_class!r}"
    of_class = found.class_ids == found.class_names.index(expected.visual_class)
    if not of_class.any():
        return f"no box of that class is among the {len(found)} found"
    boxes, scores = found.boxes[of_class], found.scores[of_class]
    iou = overlaps(np.array([expected.box], np.float32), boxes).iou[0]
    if ((iou >= expected.minimum_iou) & (scores >= np.float32(expected.minimum_score))).any():
        return None
    nearest = int(iou.argmax())
    return (
        f"the nearest of {len(scores)} boxes of that class has IoU {iou[nearest]:.2f} (needs "
        f"{expected.minimum_iou:g}) and score {scores[nearest]:.2f} (needs "
        f"{expected.minimum_score:g}); the best score is {scores.max():.2f}"
    )


def _shown(expected: ExpectedDetection) -> str:
    return "(" + ", ".join(f"{edge:.2f}" for edge in expected.box) + ")"


def read_self_test_picture(path: Path) -> Picture:
    """The picture at ``path``, as BGR bytes.

    Raises:
        ModelFileError: It is missing or unreadable.
    """
    try:
        content = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise ModelFileError(
            f"self-test picture {path} cannot be read: {error.strerror or error}"
        ) from None
    picture = cv2.imdecode(content, cv2.IMREAD_COLOR) if len(content) else None
    if picture is None:
        raise ModelFileError(f"self-test picture {path} is no JPEG or PNG picture")
    return np.asarray(picture, np.uint8)
