"""What must be seen, or must not, beside or upon an object."""

import pytest

from detector.sighting import ChangeKind
from tests.watching import Seen, Watching, catalogue_of

ANGLER = {
    "classes": ("person",),
    "zones": ("no_parking",),
    "relations": ({"classes": ("fishing_rod",), "kind": "near", "reach": 0.5},),
    "minimum_looks": 1,
}
PERSON = Seen("person", (0.1, 0.4, 0.2, 0.8))
POSE = {"height_m": 8.0, "azimuth_deg": 30.0, "tilt_deg": 25.0, "horizontal_fov_deg": 70.0}


def fires(rule: dict, *seen: Seen, **fields) -> bool:
    watching = Watching(catalogue_of(c90001=rule), **fields)
    return [change.kind for change in watching.show(*seen)] == [ChangeKind.OPENED]


def related(**fields) -> dict:
    return ANGLER | {"relations": (fields,)}


@pytest.mark.parametrize(
    ("rod", "near"),
    [
        ((0.2, 0.3, 0.3, 0.5), True),
        ((0.3, 0.4, 0.4, 0.5), True),
        ((0.34, 0.4, 0.4, 0.5), False),
        ((0.15, 0.1, 0.2, 0.19), False),
    ],
)
def test_near_is_measured_in_heights_of_the_larger_box_in_square_pixels(rod, near):
    assert fires(ANGLER, PERSON, Seen("fishing_rod", rod)) is near


def test_an_object_is_not_near_itself():
    pair = related(classes=("person",), kind="near", reach=0.2)
    assert not fires(pair, PERSON)
    assert fires(pair, PERSON, Seen("person", (0.21, 0.4, 0.31, 0.8)))


def test_two_rods_need_two_rods():
    greedy = related(classes=("fishing_rod",), kind="near", reach=0.5, at_least=2)
    first, second = (
        Seen("fishing_rod", (0.2, 0.3, 0.3, 0.5)),
        Seen("fishing_rod", (0, 0.3, 0.1, 0.5)),
    )
    assert not fires(greedy, PERSON, first)
    assert fires(greedy, PERSON, first, second)


@pytest.mark.parametrize(
    ("boat", "on_it"),
    [
        ((0.05, 0.7, 0.4, 0.9), True),
        ((0.2, 0.7, 0.4, 0.9), False),
        # A hull that hides the legs begins just below what is seen of the person.
        ((0.05, 0.85, 0.4, 0.95), True),
        ((0.05, 0.9, 0.4, 0.99), False),
    ],
)
def test_a_person_on_a_boat_has_the_foot_in_its_box(boat, on_it):
    aboard = related(classes=("boat",), kind="on")
    assert fires(aboard, PERSON, Seen("boat", boat)) is on_it


@pytest.mark.parametrize(
    ("hat", "bare"),
    [
        (None, True),
        ((0.12, 0.4, 0.18, 0.46), False),
        ((0.12, 0.7, 0.18, 0.76), True),
        ((0.3, 0.4, 0.36, 0.46), True),
    ],
)
def test_a_worker_without_a_helmet_has_none_on_the_head(hat, bare):
    rule = related(classes=("hard_hat",), kind="at_top", at_least=0, at_most=0)
    seen = [PERSON] if hat is None else [PERSON, Seen("hard_hat", hat)]
    assert fires(rule, *seen) is bare


def test_carried_things_lie_upon_the_box():
    rule = related(classes=("fishing_rod",), kind="carried", share=0.5)
    assert fires(rule, PERSON, Seen("fishing_rod", (0.15, 0.5, 0.24, 0.6)))
    assert not fires(rule, PERSON, Seen("fishing_rod", (0.17, 0.5, 0.3, 0.6)))


def test_the_same_zone_may_be_anywhere_in_it():
    rule = related(classes=("excavator",), kind="same_zone")
    assert fires(rule, PERSON, Seen("excavator", (0.3, 0.1, 0.45, 0.2)))
    assert not fires(rule, PERSON, Seen("excavator", (0.8, 0.4, 0.9, 0.8)))


@pytest.mark.parametrize(("score", "counts"), [(0.39, False), (0.41, True)])
def test_the_other_object_needs_a_score_too(score, counts):
    assert fires(ANGLER, PERSON, Seen("fishing_rod", (0.2, 0.3, 0.3, 0.5), score)) is counts


def test_without_is_not_judged_by_models_that_do_not_know_the_class():
    rule = related(classes=("safety_harness",), kind="carried", at_least=0, at_most=0)
    assert not fires(rule, PERSON)


def test_metres_are_measured_on_the_ground():
    near = related(classes=("fishing_rod",), kind="near", reach_m=3)
    beside = Seen("fishing_rod", (0.2, 0.6, 0.22, 0.8))
    behind = Seen("fishing_rod", (0.14, 0.3, 0.16, 0.4))
    assert fires(near, PERSON, beside, pose=POSE)
    assert not fires(near, PERSON, behind, pose=POSE)
