"""Means, what is not known, and what a card keeps."""

import pytest

from labeling.evaluation.set_evaluation import (
    EvaluationError,
    PictureGroup,
    SetEvaluation,
    evaluate_detections,
)
from models.cards.artefact import Artefact, ArtefactFile, ArtefactFormat, ArtefactPrecision
from tests.labeling.evaluation.made_pictures import made_classes, made_picture

ONNX = Artefact(
    format=ArtefactFormat.ONNX,
    precision=ArtefactPrecision.FLOAT32,
    files=(ArtefactFile(path="model.onnx", sha256="0" * 64),),
)
GROUP = PictureGroup("streets", "val")
LEFT, RIGHT, MIDDLE = (0, 0, 50, 50), (300, 0, 350, 50), (150, 0, 200, 50)


def evaluated() -> SetEvaluation:
    """Cars are all found, of two boats one; trees are not known; dogs are not there."""
    pictures = [
        made_picture(
            [(0, LEFT), (1, RIGHT), (2, MIDDLE)],
            [(0, 0.9, LEFT), (1, 0.8, RIGHT), (3, 0.7, MIDDLE)],
        ),
        made_picture([(1, LEFT)], [(1, 0.3, RIGHT)]),
    ]
    classes = made_classes("car", "boat", "tree", "dog", unknown=["tree"])
    return evaluate_detections(pictures, classes, GROUP, 0.9)


def test_means_are_over_the_known_classes():
    evaluation = evaluated()

    assert [entry.scored_class.name for entry in evaluation.classes] == ["car", "boat"]
    # A boat at recall 0.5 is worth 51 of COCO's 101 steps.
    assert [entry.overall.ap50 for entry in evaluation.classes] == pytest.approx([1, 51 / 101])
    assert evaluation.map50 == pytest.approx((1 + 51 / 101) / 2)
    assert evaluation.map50_of_all == pytest.approx((1 + 51 / 101) / 3)
    assert evaluation.not_known == ("tree",)
    assert evaluation.not_marked == ("dog",)
    assert (evaluation.precision, evaluation.recall) == (1.0, 0.75)


def test_card_keeps_the_figures_and_says_what_is_not_in_them():
    result = evaluated().result(ONNX, {"car": 0.99})

    assert (result.set_name, result.split, result.pictures) == ("streets", "val", 2)
    assert [(entry.visual_class, entry.boxes) for entry in result.classes] == [
        ("car", 1),
        ("boat", 2),
    ]
    assert (result.classes[1].threshold, result.classes[1].recall) == (0.8, 0.5)
    assert result.map50 == pytest.approx(0.7525, abs=1e-4)
    assert result.note == ("Not known and not in the means: tree. With these as 0, mAP50 is 0.502.")
    car, boat = (entry.in_use for entry in result.classes)
    assert car is not None
    assert boat is not None
    assert (car.threshold, car.precision, car.recall) == (0.99, 0.0, 0.0)
    assert (boat.threshold, boat.precision, boat.recall) == (0.4, 1.0, 0.5)


@pytest.mark.parametrize(
    ("pictures", "unknown", "said"),
    [
        ([], [], r"split 'val' of data set 'streets' has no pictures"),
        ([made_picture([])], [], r"nothing is marked that the model knows of car, boat"),
        ([made_picture([(0, LEFT)])], ["car", "boat"], r"knows none of the classes .*car, boat"),
    ],
)
def test_nothing_to_score_is_refused(pictures: list, unknown: list[str], said: str):
    with pytest.raises(EvaluationError, match=said):
        evaluate_detections(pictures, made_classes("car", "boat", unknown=unknown), GROUP, 0.9)
