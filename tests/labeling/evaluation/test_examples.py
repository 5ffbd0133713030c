"""What is taken for what, and which pictures show it."""

from labeling.evaluation.confusion import NOTHING, confusion
from labeling.evaluation.example_boxes import Verdict, example_pictures, most_telling
from labeling.evaluation.set_evaluation import PictureGroup, SetEvaluation, evaluate_detections
from tests.labeling.evaluation.made_pictures import made_classes, made_picture

A, B, C, D = (0, 0, 50, 50), (100, 0, 150, 50), (200, 0, 250, 50), (300, 0, 390, 50)


def evaluated() -> SetEvaluation:
    pictures = [
        # A car that is right, a boat that is taken for a car, a car that is missed.
        made_picture(
            [(0, A), (1, B), (0, D), (2, C)],
            [(0, 0.9, A), (0, 0.8, B), (2, 0.9, C)],
        ),
        # A boat that is right, an alarm where nothing is, one more that scores too little.
        made_picture([(1, A)], [(1, 0.9, A), (0, 0.7, C), (0, 0.1, D)]),
    ]
    classes = made_classes("car", "boat", "tree", unknown=["tree"])
    return evaluate_detections(pictures, classes, PictureGroup("made", "val"), 0.33)


def test_confusion_pairs_by_place():
    counted = confusion(evaluated())

    assert counted.names == ("car", "boat", NOTHING)
    assert counted.counts.tolist() == [[1, 0, 1], [1, 1, 0], [1, 0, 0]]


def test_every_box_that_counts_has_its_verdict():
    first, second = example_pictures(evaluated())

    assert [(box.class_name, box.verdict) for box in first.boxes] == [
        ("car", Verdict.RIGHT),
        ("car", Verdict.FALSE_ALARM),
        ("boat", Verdict.MISSED),
        ("car", Verdict.MISSED),
    ]
    assert [(box.verdict, box.score) for box in second.boxes] == [
        (Verdict.RIGHT, 0.9),
        (Verdict.FALSE_ALARM, 0.7),
    ]


def test_surest_examples_come_first_and_classes_take_turns():
    pictures = example_pictures(evaluated())

    assert most_telling(pictures, Verdict.FALSE_ALARM, 2) == pictures
    assert most_telling(pictures, Verdict.FALSE_ALARM, 1) == pictures[:1]
    assert most_telling(pictures, Verdict.MISSED, 5) == pictures[:1]
    assert most_telling(pictures, Verdict.RIGHT, 1) == pictures[1:]
