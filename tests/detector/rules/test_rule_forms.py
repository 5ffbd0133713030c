"""Sizes, scores, all classes, areas, densities, motion, absence, cool-down."""

import pytest

from detector.sighting import ChangeKind
from tests.watching import PARKED, PARKING, Seen, Watching, car, catalogue_of

OPENED, CLEARED = ChangeKind.OPENED, ChangeKind.CLEARED
ANYWHERE = {"classes": ("person",), "minimum_looks": 1}
POSE = {"height_m": 8.0, "azimuth_deg": 30.0, "tilt_deg": 25.0, "horizontal_fov_deg": 70.0}
PERSON = Seen("person", (0.1, 0.4, 0.2, 0.8))


def fires(rule: dict, *seen: Seen, **fields) -> bool:
    watching = Watching(catalogue_of(c90001=rule), **fields)
    return [change.kind for change in watching.show(*seen)] == [OPENED]


@pytest.mark.parametrize(
    ("size", "counts"),
    [
        ({"minimum_height_px": 288}, True),
        ({"minimum_height_px": 289}, False),
        ({"maximum_width_px": 127}, False),
        ({"maximum_width_px": 129}, True),
        ({"minimum_picture_share": 0.039}, True),
        ({"minimum_picture_share": 0.041}, False),
    ],
)
def test_sizes_in_the_picture(size, counts):
    assert fires(ANYWHERE | {"size": size}, PERSON) is counts


@pytest.mark.parametrize(
    ("size", "counts"),
    [
        ({"minimum_height_m": 2.0, "maximum_height_m": 8.0}, True),
        ({"minimum_height_m": 9.0}, False),
        ({"minimum_width_m": 0.5, "maximum_width_m": 2.5}, True),
        ({"maximum_area_m2": 5.0}, False),
        ({"minimum_area_m2": 5.0}, True),
    ],
)
def test_sizes_on_the_ground(size, counts):
    assert fires(ANYWHERE | {"size": size}, PERSON, pose=POSE) is counts


def test_a_size_above_the_horizon_cannot_be_said_and_does_not_count():
    rule = ANYWHERE | {"size": {"minimum_width_m": 0.001}}
    assert not fires(rule, Seen("person", (0.4, 0.0, 0.5, 0.1)), pose=POSE | {"tilt_deg": 5.0})


def test_one_class_may_need_a_higher_score():
    rule = {
        "classes": ("person", "boat"),
        "minimum_score": 0.5,
        "minimum_scores": {"boat": 0.9},
        "minimum_looks": 1,
    }
    assert fires(rule, Seen("person", PARKED, 0.6))
    assert not fires(rule, Seen("boat", PARKED, 0.6))
    assert fires(rule, Seen("boat", PARKED, 0.95))


def test_all_classes_must_be_in_the_zone():
    rule = {
        "classes": ("person", "boat"),
        "match": "all",
        "zones": ("no_parking",),
        "minimum_looks": 1,
    }
    boat, elsewhere = Seen("boat", (0.2, 0.5, 0.4, 0.7)), Seen("boat", (0.7, 0.5, 0.9, 0.7))
    assert fires(rule, PERSON, boat)
    assert not fires(rule, PERSON)
    assert not fires(rule, PERSON, elsewhere)


def test_boxes_must_cover_a_share_of_the_zone_together():
    rule = {
        "classes": ("boat",),
        "zones": ("no_parking",),
        "minimum_zone_share": 0.3,
        "minimum_looks": 1,
    }
    first, second = Seen("boat", (0.0, 0.0, 0.4, 0.2)), Seen("boat", (0.0, 0.1, 0.4, 0.5))
    assert not fires(rule, first)
    assert fires(rule, first, second)


def test_a_density_is_counted_on_the_ground():
    zones = [
        {
            "zone_id": "square",
            "kind": "plaza",
            "polygon": [(0.3, 0.5), (0.7, 0.5), (0.7, 0.9), (0.3, 0.9)],
        }
    ]
    crowd = [Seen("person", (0.3 + n * 0.03, 0.6, 0.32 + n * 0.03, 0.7)) for n in range(12)]
    rule = {"classes": ("person",), "zones": ("plaza",), "minimum_looks": 1}
    assert fires(rule | {"minimum_density": 5}, *crowd, zones=zones, pose=POSE)
    assert not fires(rule | {"minimum_density": 50}, *crowd, zones=zones, pose=POSE)


def test_moving_things_are_those_that_do_not_stand():
    moving = ANYWHERE | {"motion": "moving", "classes": ("car",), "clear_after_looks": 2}
    watching = Watching(catalogue_of(c90001=moving))
    watching.looks(8, car())
    assert watching.kinds() == [OPENED, CLEARED]


HOARDING = {
    "watch_for": "absence",
    "classes": ("hoarding",),
    "while_present": ("excavator",),
    "zones": ("no_parking",),
    "dwell_seconds": 4,
    "minimum_looks": 3,
    "clear_after_looks": 2,
}
EXCAVATOR = Seen("excavator", (0.1, 0.3, 0.3, 0.5))
BOARD = Seen("hoarding", (0.0, 0.5, 0.4, 0.7))


def test_a_missing_hoarding_is_one_event_until_it_stands():
    watching = Watching(catalogue_of(c90001=HOARDING))
    watching.looks(5, EXCAVATOR)
    assert watching.kinds() == [OPENED]
    (sighting,) = watching.open
    assert sighting.zone_id == "kerb"
    assert sighting.class_names == ("missing_hoarding", "excavator")
    assert sighting.boxes[0].tolist() == pytest.approx([0.0, 0.0, 0.5, 1.0], abs=1e-5)
    watching.looks(2, EXCAVATOR, BOARD)
    assert watching.kinds() == [OPENED, CLEARED]


def test_without_its_occasion_nothing_is_missing():
    watching = Watching(catalogue_of(c90001=HOARDING))
    watching.looks(10)
    watching.looks(10, Seen("excavator", (0.7, 0.3, 0.9, 0.5)))
    assert watching.changes == []


def test_a_short_cover_of_the_hoarding_is_no_absence():
    watching = Watching(catalogue_of(c90001=HOARDING))
    for _ in range(20):
        watching.looks(2, EXCAVATOR, BOARD)
        watching.show(EXCAVATOR)
    assert watching.changes == []


@pytest.mark.parametrize(("seconds", "opened"), [(0, 2), (1000, 1)])
@pytest.mark.parametrize("same_object", [True, False])
def test_what_has_cleared_is_silent_for_its_cool_down(seconds, opened, same_object):
    rule = PARKING | {"cool_down_seconds": seconds, "same_object": same_object}
    watching = Watching(catalogue_of(c90001=rule))
    watching.looks(10, car())
    watching.looks(10)
    watching.looks(10, car())
    assert watching.kinds().count(OPENED) == opened


def test_a_cool_down_ends_and_holds_for_its_place_only():
    rule = PARKING | {"cool_down_seconds": 60}
    watching = Watching(catalogue_of(c90001=rule))
    watching.looks(10, car())
    watching.looks(10)
    watching.looks(10, car((0.1, 0.7, 0.3, 0.9)))
    assert watching.kinds() == [OPENED, CLEARED, OPENED]
    watching.looks(40, car(), car((0.1, 0.7, 0.3, 0.9)))
    assert watching.kinds() == [OPENED, CLEARED, OPENED, OPENED]
