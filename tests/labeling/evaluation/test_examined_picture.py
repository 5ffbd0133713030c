"""Labels and detections meet in the words of the set and the pixels of the model."""

from pathlib import Path

import numpy as np
import pytest

from detector.detections import Detections
from labeling.data_sets.data_set import DataSet
from labeling.data_sets.labelled_picture import LabelledPicture
from labeling.evaluation.examined_picture import ExaminedPicture, examined_picture
from labeling.evaluation.scored_class import scored_classes
from models.cards.model_card import Preprocessing

MODEL_CLASSES = ("person", "car", "truck", "boat")
INPUT = Preprocessing(input_width=640, input_height=640)


def made_set() -> DataSet:
    """Two words for vehicles, and one class that the model does not know."""
    return DataSet(
        name="made",
        folder=Path("made"),
        class_names=("vehicle", "tree", "motor_vehicle", "boat"),
        visual_classes=(("car", "bus", "truck"), ("tree",), ("car", "bus", "truck"), ("boat",)),
        source="made",
        licence="AGPL-3.0-or-later",
        note="",
        splits={},
        faults=(),
    )


def test_classes_are_named_and_joined():
    classes = scored_classes(made_set(), MODEL_CLASSES)

    assert [entry.name for entry in classes] == ["vehicle (car, bus, truck)", "tree", "boat"]
    assert [entry.own_ids for entry in classes] == [(0, 2), (1,), (3,)]
    assert [entry.found_ids for entry in classes] == [(1, 2), (), (3,)]
    assert [entry.is_known for entry in classes] == [True, False, True]


def test_boxes_become_input_pixels_and_repeats_of_a_group_go():
    labelled = LabelledPicture(
        path=Path("a.jpg"),
        width=1280,
        height=640,
        boxes=np.array([[0, 0, 0.5, 0.5], [0.5, 0.5, 1, 1]], np.float32),
        class_ids=np.array([2, 3]),
    )
    found = Detections(
        boxes=np.array(
            [
                [0, 0, 0.5, 0.5],  # car
                [0, 0, 0.5, 0.49],  # the same as truck
                [0.5, 0, 1, 0.5],  # another truck
                [0, 0, 0.5, 0.5],  # person, whom the set does not label
            ],
            np.float32,
        ),
        scores=np.array([0.6, 0.9, 0.5, 0.99], np.float32),
        class_ids=np.array([1, 2, 2, 0]),
        class_names=MODEL_CLASSES,
    )

    examined = examined_picture(labelled, found, scored_classes(made_set(), MODEL_CLASSES), INPUT)

    assert examined.marked_boxes.tolist() == [[0, 0, 320, 160], [320, 160, 640, 320]]
    assert examined.marked_classes.tolist() == [0, 2]
    assert examined.found_classes.tolist() == [0, 0]
    assert examined.found_scores.tolist() == pytest.approx([0.9, 0.5])
    assert examined.found_boxes[1].tolist() == [320, 0, 640, 160]


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"a\.jpg.*do not fit together"):
        ExaminedPicture(
            path=Path("a.jpg"),
            marked_boxes=np.zeros((1, 4)),
            marked_classes=np.zeros(1, np.int64),
            found_boxes=np.zeros((2, 4)),
            found_classes=np.zeros(2, np.int64),
            found_scores=np.zeros(1),
        )
