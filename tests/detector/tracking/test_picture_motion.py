"""Standing and moving: by tracks where there are any, else by place."""

import pytest

from detector.sighting import ChangeKind
from tests.detector.tracking.moving import car_at, watching

OPENED, CLEARED = ChangeKind.OPENED, ChangeKind.CLEARED
MOVING = {"classes": ("car",), "motion": "moving", "minimum_looks": 3, "clear_after_looks": 50}
STANDING = MOVING | {"motion": "standing"}


@pytest.mark.parametrize("looks_a_second", [5, 25])
def test_a_parked_car_that_appears_does_not_move(looks_a_second):
    watch = watching(MOVING, looks_a_second)
    watch.looks(5 * looks_a_second, car_at(0.5, 0.6))
    assert watch.kinds() == []


@pytest.mark.parametrize("looks_a_second", [2, 5, 25])
def test_a_car_that_goes_moves_and_does_not_stand(looks_a_second):
    moving, standing = watching(MOVING, looks_a_second), watching(STANDING, looks_a_second)
    for index in range(4 * looks_a_second):
        for watch in (moving, standing):
            watch.show(car_at(0.2 + 0.08 * index / looks_a_second, 0.6))
    assert moving.kinds() == [OPENED]
    assert standing.kinds() == []


def test_what_falls_moves_within_a_second():
    watch = watching(MOVING, 25)
    for index in range(20):
        watch.show(car_at(0.5, 0.2 + 0.6 * (index / 20) ** 2, 0.04, 0.05))
    assert watch.kinds() == [OPENED]


def test_a_parked_car_that_is_half_hidden_still_stands():
    watch = watching(STANDING | {"clear_after_looks": 2}, 5)
    whole, half = car_at(0.5, 0.6), car_at(0.5, 0.56, 0.1, 0.08)
    watch.looks(40, whole)
    assert watch.kinds() == [OPENED]
    for _ in range(10):
        watch.looks(3, half)
        watch.looks(3, whole)
    assert watch.kinds() == [OPENED]


def test_at_patrol_pace_what_has_not_stood_is_taken_to_move():
    watch = watching(MOVING | {"minimum_looks": 1}, 0.1)
    watch.show(car_at(0.3, 0.6))
    assert watch.kinds() == [OPENED]
