from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.geometry.boxes import overlaps
from detector.objects.object_memory import ObjectMemory
from streams.look_moment import LookMoment
from tests.watching import BESIDE, NOON, PARKED, Seen, car, found_objects

SCORES = {"car": 0.1, "person": 0.1, "bicycle": 0.1}


class Remembering:
    """A memory that is shown looks two seconds apart."""

    def __init__(self) -> None:
        self.memory = ObjectMemory(forget_after_looks=5)
        self.number = 0

    def show(self, *seen: Seen, kept=()):
        self.number += 1
        moment = LookMoment(NOON + timedelta(seconds=2 * self.number), 2.0)
        return self.memory.recall(found_objects(seen, SCORES), moment, lambda: kept)


def shifted(box, x=0.0, y=0.0):
    return (box[0] + x, box[1] + y, box[2] + x, box[3] + y)


def test_what_stays_is_the_same_and_stands():
    remembering = Remembering()
    (first,) = remembering.show(car())
    assert not first.stands
    for _ in range(3):
        (again,) = remembering.show(car())
        assert again is first
    assert first.stands
    assert first.presence.looks_seen == 4


@pytest.mark.parametrize("class_name", ["truck", "bus"])
def test_a_class_flip_within_the_group_is_the_same(class_name):
    remembering = Remembering()
    (first,) = remembering.show(car())
    assert remembering.show(Seen(class_name, PARKED)) == [first]


@pytest.mark.parametrize("class_name", ["person", "bicycle"])
def test_another_class_in_the_same_place_is_another(class_name):
    remembering = Remembering()
    (first,) = remembering.show(car())
    assert remembering.show(Seen(class_name, PARKED)) != [first]


def test_what_passes_is_never_the_same():
    remembering = Remembering()
    seen = {remembering.show(car(shifted(PARKED, x=0.15 * step)))[0] for step in range(5)}
    assert len(seen) == 5
    assert not any(one.stands for one in seen)


def test_what_creeps_away_becomes_another():
    remembering = Remembering()
    objects = [remembering.show(car(shifted(PARKED, x=0.008 * step)))[0] for step in range(60)]
    assert objects[-1] is not objects[0]


def test_half_hidden_is_still_the_same():
    remembering = Remembering()
    for _ in range(5):
        (first,) = remembering.show(car(PARKED))
    left, top, right, bottom = PARKED
    assert remembering.show(car((left, top, left + (right - left) * 0.4, bottom))) == [first]


def test_neighbours_are_told_apart_when_one_is_missed():
    row = [shifted(PARKED, x=0.12 * number) for number in range(3)]
    remembering = Remembering()
    for _ in range(5):
        objects = remembering.show(*[car(box, 0.9 - 0.1 * n) for n, box in enumerate(row)])
    assert len(set(objects)) == 3
    assert remembering.show(car(row[0]), car(row[2], 0.7)) == [objects[0], objects[2]]


def test_the_longer_standing_object_gets_a_box_both_claim():
    remembering = Remembering()
    for _ in range(6):
        (old,) = remembering.show(car())
    beside = shifted(PARKED, x=0.09)
    _, young = remembering.show(car(PARKED, 0.9), car(beside, 0.8))
    assert young is not old
    assert remembering.show(car(shifted(PARKED, x=0.045))) == [old]


def test_what_is_gone_is_forgotten_and_its_place_taken_anew():
    remembering = Remembering()
    for _ in range(6):
        (first,) = remembering.show(car())
    for _ in range(5):
        remembering.show()
    assert len(remembering.memory) == 0
    assert remembering.show(car()) != [first]


def test_what_is_kept_is_not_forgotten():
    remembering = Remembering()
    (first,) = remembering.show(car())
    for _ in range(8):
        remembering.show(kept={first})
    assert remembering.show(car(), kept={first}) == [first]


@given(st.lists(st.tuples(*[st.floats(-0.08, 0.08)] * 4), min_size=15, max_size=40))
def test_a_shaking_box_is_one_object(shakes):
    remembering = Remembering()
    width, height = PARKED[2] - PARKED[0], PARKED[3] - PARKED[1]
    objects = set()
    for shake in shakes:
        edges = np.array(PARKED) + np.array(shake) * (width, height, width, height)
        objects.update(remembering.show(car(tuple(edges)), car(BESIDE, 0.7)))
    assert len(objects) == 2


def test_overlaps_of_known_boxes():
    first = np.array([[0, 0, 2, 2], [0, 0, 0, 0]], np.float32)
    second = np.array([[1, 0, 3, 2], [0, 0, 1, 1]], np.float32)
    shared = overlaps(first, second)
    assert shared.iou == pytest.approx(np.array([[1 / 3, 0.25], [0, 0]]), abs=1e-6)
    assert shared.inside == pytest.approx(np.array([[0.5, 1.0], [0, 0]]), abs=1e-6)
