"""Line crossings: each one once, and none that was not."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detector.rules.judgement.kept_watch import KeptWatch
from detector.sighting import ChangeKind
from tests.detector.tracking.moving import car_at
from tests.watching import Watching, catalogue_of

OPENED, CLEARED = ChangeKind.OPENED, ChangeKind.CLEARED
# Drawn downwards: its left side is that of the higher x.
LINE = {"line_id": "centre", "kind": "solid_line", "points": [(0.5, 0.3), (0.5, 0.9)]}
CROSSING = {
    "classes": ("car",),
    "crossing": {"lines": ["solid_line"]},
    "clear_after_looks": 3,
    "clear_after_seconds": 4,
}


def towards(direction: str) -> dict:
    return CROSSING | {"crossing": {"lines": ["solid_line"], "direction": direction}}


def watch(rule: dict = CROSSING, looks_a_second: float = 5, **fields) -> Watching:
    return Watching(
        catalogue_of(c90001=rule), step_seconds=1 / looks_a_second, lines=[LINE], **fields
    )


def drive(watching: Watching, start: float, end: float, y: float = 0.6, speed: float = 0.1) -> None:
    """Let a car go along the picture, its box shaking."""
    random = np.random.default_rng(7)
    step = speed * watching.step.total_seconds()
    for x in np.linspace(start, end, round(abs(end - start) / step) + 1):
        watching.show(car_at(x + random.normal(0, 0.003), y + random.normal(0, 0.004)))


@pytest.mark.parametrize("looks_a_second", [1, 5, 10, 25])
@pytest.mark.parametrize(("start", "end"), [(0.2, 0.8), (0.8, 0.2)])
def test_a_crossing_opens_once_and_is_over(looks_a_second, start, end):
    watching = watch(looks_a_second=looks_a_second)
    drive(watching, start, end)
    assert watching.kinds() == [OPENED, *([CLEARED] if watching.kinds()[1:] else [])]
    watching.looks(5 * looks_a_second)
    assert watching.kinds() == [OPENED, CLEARED]
    sighting = next(change.sighting for change in watching.changes if change.kind is OPENED)
    assert sighting.zone_id == "centre"
    assert sighting.class_names == ("car",)
    assert sighting.observed_count == 1


@pytest.mark.parametrize(
    ("direction", "start", "end", "opens"),
    [
        ("right_to_left", 0.2, 0.8, True),
        ("right_to_left", 0.8, 0.2, False),
        ("left_to_right", 0.2, 0.8, False),
        ("left_to_right", 0.8, 0.2, True),
    ],
)
def test_a_direction_is_that_of_the_line(direction, start, end, opens):
    watching = watch(towards(direction))
    drive(watching, start, end)
    assert (OPENED in watching.kinds()) is opens


@given(
    offsets=st.lists(st.floats(-0.012, 0.012), min_size=10, max_size=60),
    middle=st.floats(-0.003, 0.003),
)
@settings(max_examples=25)
def test_what_shakes_upon_the_line_crosses_nothing(offsets, middle):
    watching = watch()
    for offset in offsets:
        watching.show(car_at(0.5 + middle + offset, 0.6))
    assert watching.kinds() == []


@given(
    shakes=st.lists(st.floats(-0.01, 0.01), min_size=40, max_size=40),
    looks_a_second=st.sampled_from([5, 10, 25]),
    turned=st.booleans(),
)
@settings(max_examples=25)
def test_one_crossing_fires_once_however_the_box_shakes(shakes, looks_a_second, turned):
    watching = watch(CROSSING | {"clear_after_seconds": 1}, looks_a_second)
    for index in range(8 * looks_a_second):
        x = 0.1 + 0.1 * index / looks_a_second + shakes[index % len(shakes)]
        watching.show(car_at(1 - x if turned else x, 0.6 + shakes[-1 - index % len(shakes)]))
    assert watching.kinds().count(OPENED) == 1


@given(
    start=st.tuples(st.floats(0.1, 0.35), st.floats(0.2, 0.95)),
    end=st.tuples(st.floats(0.65, 0.9), st.floats(0.2, 0.95)),
    turned=st.booleans(),
)
@settings(max_examples=40)
def test_a_path_crosses_where_it_meets_the_line_itself(start, end, turned):
    meets_at = start[1] + (0.5 - start[0]) / (end[0] - start[0]) * (end[1] - start[1])
    # So near to an end of the line, smoothing may tell the path from one beside it.
    assume(min(abs(meets_at - y) for _, y in LINE["points"]) > 0.02)
    watching = watch()
    for share in np.linspace(1, 0, 41) if turned else np.linspace(0, 1, 41):
        x, y = np.array(start) + share * (np.array(end) - np.array(start))
        watching.show(car_at(x, y))
    (_, top), (_, bottom) = LINE["points"]
    assert watching.kinds().count(OPENED) == (top < meets_at < bottom)


def test_a_stop_upon_the_line_is_neither_no_crossing_nor_two():
    watching = watch()
    drive(watching, 0.3, 0.5)
    watching.looks(40, car_at(0.5, 0.6))
    assert watching.kinds() == []
    drive(watching, 0.5, 0.7)
    assert watching.kinds() == [OPENED]


def test_who_turns_back_upon_the_line_crosses_nothing():
    watching = watch()
    drive(watching, 0.3, 0.5)
    drive(watching, 0.5, 0.3)
    assert watching.kinds() == []


def test_what_passes_beyond_the_end_of_the_line_crosses_nothing():
    watching = watch()
    drive(watching, 0.2, 0.8, y=0.25)
    assert watching.kinds() == []


def test_what_appears_upon_the_line_crosses_nothing():
    watching = watch()
    drive(watching, 0.5, 0.8)
    assert watching.kinds() == []


def test_a_car_that_is_hardly_seen_upon_the_line_has_crossed_it_a_look_later():
    types = catalogue_of(
        c90001=CROSSING | {"minimum_score": 0.7},
        c90002={"classes": ("car",), "minimum_score": 0.3, "minimum_looks": 99},
    )
    watching = Watching(types, step_seconds=0.2, lines=[LINE])
    for index in range(25):
        x = 0.25 + 0.02 * index
        watching.show(car_at(x, 0.6, score=0.4 if 0.45 < x < 0.6 else 0.8))
    assert watching.kinds() == [OPENED]


def test_a_second_car_refreshes_the_open_crossing():
    watching = watch()
    drive(watching, 0.3, 0.7, speed=0.2)
    drive(watching, 0.3, 0.7, speed=0.2)
    assert watching.kinds() == [OPENED]
    (sighting,) = watching.open
    assert sighting.observed_count == 2


@pytest.mark.parametrize(("looks_a_second", "opens"), [(1, 0), (2, 0), (10, 1)])
def test_a_queue_whose_cars_take_each_others_places_is_not_misread(looks_a_second, opens):
    """Cars a fifth of the picture apart that go a little less than that in half a second."""
    watching = watch(towards("left_to_right"), looks_a_second)
    other = watch(towards("right_to_left"), looks_a_second)
    for index in range(12 * looks_a_second):
        first = 0.38 * index / looks_a_second
        places = [first - 0.2 * number for number in range(60)]
        seen = [car_at(x, 0.6) for x in places if 0.05 < x < 0.95]
        watching.show(*seen)
        other.show(*seen)
    # They go to the right, which is from the line's right side to its left.
    assert watching.kinds() == []
    assert other.kinds().count(OPENED) == opens


def test_nothing_is_said_of_what_a_gap_hides():
    watching = watch()
    drive(watching, 0.3, 0.45)
    watching.now += timedelta(seconds=2)
    drive(watching, 0.55, 0.8)
    assert watching.kinds() == []


def test_nothing_is_said_at_patrol_pace():
    watching = watch(looks_a_second=0.5)
    drive(watching, 0.2, 0.8, speed=0.02)
    assert watching.kinds() == []


def test_a_restart_crosses_nothing_and_ends_what_was_crossed():
    watching = watch()
    drive(watching, 0.3, 0.56)
    assert watching.kinds() == [OPENED]
    kept = KeptWatch(watching.open, watching.watch.state())
    later = watch(kept=kept)
    later.now = watching.now
    drive(later, 0.56, 0.8)
    assert OPENED not in later.kinds()
    later.looks(25)
    assert later.kinds() == [CLEARED]
    assert later.changes[-1].sighting.event_id == watching.changes[-1].sighting.event_id


def test_a_clock_that_was_set_back_crosses_nothing():
    watching = watch()
    drive(watching, 0.3, 0.45)
    watching.now -= timedelta(hours=1)
    # The first of these looks are passed over; the car is on the other side when one counts.
    for x in np.linspace(0.5, 0.8, 20):
        watching.show(car_at(x, 0.6))
    assert watching.kinds() == []


def test_a_camera_without_such_a_line_is_not_watched():
    watching = Watching(
        catalogue_of(c90001=CROSSING), step_seconds=0.2, lines=[LINE | {"kind": "fence"}]
    )
    drive(watching, 0.2, 0.8)
    assert watching.kinds() == []
