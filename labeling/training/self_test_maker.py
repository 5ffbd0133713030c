"""Makes the self-test of a new model version from what it surely finds in a picture."""

import shutil
from pathlib import Path

import numpy as np

from detector.inference.openvino_backend import OpenVinoBackend
from detector.inference.self_test import read_self_test_picture
from detector.inference.settings import DetectorSettings
from models.cards.artefact import ArtefactFile
from models.cards.model_card import sha256_of
from models.cards.self_test import ExpectedDetection, SelfTest
from models.cards.stored_model import InstalledModel
from streams.kit.errors import CityPatrolError
from streams.kit.stage_costs import StageCosts

# Sure enough that neither another precision nor another processor loses it.
SURE_SCORE = 0.5
# What is left of a score at the least, in another precision.
SCORE_LEFT = 0.6
# An empty picture could not tell a working model from a broken one, so much is "raving".
DETECTIONS_ALLOWED = 4


class UselessPictureError(CityPatrolError):
    """In a picture meant for a self-test a model finds nothing surely."""


def make_self_test(model: InstalledModel, picture_path: Path) -> SelfTest:
    """Copy ``picture_path`` into the model's folder and expect there what the model finds now.

    Raises:
        ModelFileError: The picture cannot be read.
        UselessPictureError: The model finds nothing surely in it.
    """
    picture = read_self_test_picture(picture_path)
    with OpenVinoBackend(model, DetectorSettings(), StageCosts()) as backend:
        [found] = backend.detect([picture]).result()
    expected = tuple(
        ExpectedDetection(
            visual_class=found.class_name(index),
            box=_box(found.boxes[index]),
            minimum_score=round(float(found.scores[index]) * SCORE_LEFT, 2),
        )
        for index in range(len(found))
        if found.scores[index] >= SURE_SCORE
    )
    if not expected:
        raise UselessPictureError(
            f"in the self-test picture {picture_path} the model {model.card.model_version} finds "
            f"nothing with a score of {SURE_SCORE} or more; choose another picture"
        )
    target = model.folder / f"self-test{picture_path.suffix.lower()}"
    shutil.copyfile(picture_path, target)
    file = ArtefactFile(path=target.name, sha256=sha256_of(target))
    most = min(len(found) * DETECTIONS_ALLOWED, 300)
    return SelfTest(picture=file, expected=expected, maximum_detections=most)


def _box(box: np.ndarray[tuple[int], np.dtype[np.float32]]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (round(float(value), 4) for value in np.clip(box, 0, 1))
    return left, top, right, bottom
