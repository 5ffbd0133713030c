import numpy as np
import pytest

from detector.geometry.boxes import foot_points
from detector.objects.class_groups import group_of
from tests.watching import Seen, car, found_objects

A, NEARLY_A, B = (0.1, 0.1, 0.3, 0.3), (0.1, 0.1, 0.31, 0.3), (0.6, 0.1, 0.8, 0.3)


@pytest.mark.parametrize(
    ("seen", "kept"),
    [
        ([Seen("car", A, 0.9), Seen("truck", NEARLY_A, 0.5)], ["car"]),
        ([Seen("car", A, 0.5), Seen("truck", NEARLY_A, 0.9)], ["truck"]),
        ([Seen("car", A), Seen("car", B)], ["car", "car"]),
        ([Seen("person", A), Seen("car", NEARLY_A)], ["person", "car"]),
        ([Seen("car", A, 0.39), Seen("person", A, 0.6)], ["person"]),
        ([Seen("boat", A, 0.9)], []),
        ([], []),
    ],
)
def test_each_object_that_matters_is_found_once(seen, kept):
    found = found_objects(seen, {"car": 0.4, "person": 0.5})
    assert [found.class_names[index] for index in found.class_ids] == kept


def test_the_second_of_three_does_not_hide_the_third():
    row = [(0.1 + shift, 0.1, 0.5 + shift, 0.3) for shift in (0.0, 0.05, 0.1)]
    seen = [car(box, score) for box, score in zip(row, (0.9, 0.8, 0.7), strict=True)]
    found = found_objects(seen, {"car": 0.4})
    assert found.scores.tolist() == pytest.approx([0.9, 0.7])


def test_boxes_and_scores_stay_in_their_range():
    found = found_objects([car((-0.1, 0.5, 1.2, 1.1), 1.01)], {"car": 0.4})
    assert found.boxes.tolist() == [[0.0, 0.5, 1.0, 1.0]]
    assert found.scores.tolist() == [1.0]


def test_foot_points_are_below_the_middle():
    feet = foot_points(np.array([[0.25, 0.1, 0.5, 0.75]], np.float32))
    assert feet.tolist() == [[0.375, 0.75]]


@pytest.mark.parametrize(("name", "group"), [("truck", "car"), ("bus", "car"), ("kite", "kite")])
def test_classes_that_are_confused_share_a_group(name, group):
    assert group_of(name) == group
