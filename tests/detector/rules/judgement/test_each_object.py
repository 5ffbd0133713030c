"""Rules that follow each standing object alone: parking and its kin."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.sighting import ChangeKind
from tests.watching import BESIDE, NOON, PARKED, PARKING, Seen, Watching, car, catalogue_of

OPENED, CONTINUED, CLEARED = ChangeKind.OPENED, ChangeKind.CONTINUED, ChangeKind.CLEARED
CATALOGUE = catalogue_of(c90001=PARKING)


@pytest.fixture
def watching() -> Watching:
    return Watching(CATALOGUE)


def shifted(x):
    return (PARKED[0] + x, PARKED[1], PARKED[2] + x, PARKED[3])


def test_an_event_opens_once_continues_and_clears(watching):
    watching.looks(8, car())
    watching.looks(6)
    kinds = [change.kind for change in watching.changes]
    assert kinds == [OPENED, CONTINUED, CONTINUED, CLEARED]
    assert len({change.sighting.event_id for change in watching.changes}) == 1
    opened, cleared = watching.changes[0], watching.changes[-1]
    assert opened.sighting.first_seen == NOON + timedelta(seconds=2)
    assert opened.changed_at == opened.sighting.last_seen == NOON + timedelta(seconds=12)
    assert opened.sighting.observed_count == 6
    assert cleared.sighting.last_seen == NOON + timedelta(seconds=16)
    assert cleared.sighting.observed_count == 8
    assert cleared.changed_at == NOON + timedelta(seconds=24)
    assert watching.open == []


def test_a_sighting_shows_what_was_seen(watching):
    watching.looks(6, car(PARKED, 0.6), Seen("person", PARKED), car(BESIDE, 0.39))
    (sighting,) = watching.open
    assert (sighting.issue_code, sighting.zone_id) == ("90001", "kerb")
    assert sighting.class_names == ("car",)
    assert sighting.boxes == pytest.approx(np.array([PARKED]), abs=1e-6)
    assert sighting.score == pytest.approx(0.6)


def test_the_score_is_the_highest_so_far(watching):
    watching.looks(6, car(score=0.6))
    best, worse = watching.show(car(score=0.9))[0], watching.show(car(score=0.5))[0]
    assert best.sighting.shows_best
    assert best.sighting.score == worse.sighting.score == pytest.approx(0.9)
    assert not worse.sighting.shows_best
    assert worse.sighting.scores[0] == pytest.approx(0.5)


def test_each_standing_object_is_an_event_of_its_own(watching):
    watching.looks(8, car(), car(BESIDE))
    assert watching.kinds() == [OPENED, OPENED]
    watching.looks(5, car())
    assert watching.kinds() == [OPENED, OPENED, CLEARED]
    assert watching.open[0].boxes[0, 1] == pytest.approx(PARKED[1])


def test_what_drives_through_is_nothing(watching):
    for step in range(60):
        watching.show(car(shifted(0.2 * (step % 5) * 0.4)))
    assert watching.changes == []


def test_dense_traffic_is_no_parked_car():
    """Another car in roughly the same place in four of ten looks never dwells."""
    watching = Watching(catalogue_of(c90001=PARKING | {"dwell_seconds": 60}))
    random = np.random.default_rng(5)
    for _ in range(600):
        watching.show(*([car()] if random.random() < 0.4 else []))
    assert watching.changes == []


def test_one_that_leaves_and_stops_farther_on_starts_anew(watching):
    watching.looks(5, car())
    watching.show(car(shifted(0.15)))
    watching.looks(4, car(shifted(0.15)))
    assert watching.changes == []
    (change,) = watching.show(car(shifted(0.15)))
    assert change.sighting.observed_count == 6


def test_one_object_never_has_two_open_events():
    """With no dwell at all, a car that moves up waits until its old place has cleared."""
    watching = Watching(catalogue_of(c90001=PARKING | {"dwell_seconds": 0, "minimum_looks": 1}))
    watching.show(car())
    opened_after = []
    for _ in range(6):
        watching.show(car(shifted(0.12)))
        opened_after.append(len(watching.open))
    assert max(opened_after) == 1
    assert watching.kinds() == [OPENED, CLEARED, OPENED]


def test_another_car_beside_a_standing_one_need_not_wait(watching):
    watching.looks(6, car())
    watching.looks(6, car(), car(shifted(0.2)))
    assert watching.kinds() == [OPENED, OPENED]


@pytest.mark.parametrize("missed", [1, 2, 3])
def test_a_short_occlusion_ends_nothing(watching, missed):
    watching.looks(6, car())
    for _ in range(5):
        watching.looks(missed)
        watching.show(car())
    assert watching.kinds() == [OPENED]


def test_a_car_that_was_hidden_before_it_opened_keeps_its_time(watching):
    watching.looks(3, car())
    watching.looks(1)
    (change,) = watching.looks(2, car())
    assert change.kind is OPENED
    assert change.sighting.observed_count == 5
    assert change.sighting.first_seen == NOON + timedelta(seconds=2)


def test_class_flips_are_one_event(watching):
    for look in range(12):
        watching.show(Seen(("car", "truck", "bus")[look % 3], PARKED))
    assert watching.kinds() == [OPENED]


def test_a_car_found_twice_is_one_event(watching):
    watching.looks(8, car(), Seen("truck", (0.1, 0.4, 0.305, 0.6), 0.7))
    assert watching.kinds() == [OPENED]


def test_a_low_score_for_a_while_is_a_miss(watching):
    watching.looks(6, car())
    watching.looks(3, car(score=0.2))
    assert watching.kinds() == [OPENED]
    watching.looks(1, car(score=0.2))
    assert watching.kinds() == [OPENED, CLEARED]


def test_the_foot_point_decides(watching):
    over_the_line = (0.3, 0.4, 0.68, 0.6)
    on_the_line = (0.4, 0.7, 0.6, 0.9)
    watching.looks(10, car(over_the_line), car(on_the_line))
    assert watching.kinds() == [OPENED, OPENED]
    just_out = Watching(CATALOGUE)
    just_out.looks(10, car((0.42, 0.7, 0.6, 0.9)))
    assert just_out.changes == []


def test_an_excluded_zone_silences():
    allowed = {"zone_id": "bay", "kind": "public_parking", "polygon": [(0, 0), (0.5, 0), (0, 0.65)]}
    catalogue = catalogue_of(c90001=PARKING | {"excluded_zones": ("public_parking",)})
    watching = Watching(
        catalogue,
        zones=[
            {
                "zone_id": "kerb",
                "kind": "no_parking",
                "polygon": [(0, 0), (0.5, 0), (0.5, 1), (0, 1)],
            },
            allowed,
        ],
    )
    watching.looks(8, car((0.0, 0.1, 0.1, 0.3)), car(BESIDE))
    assert [change.sighting.boxes[0, 1] for change in watching.changes] == pytest.approx([0.7] * 3)


def test_without_zones_the_whole_picture_counts():
    watching = Watching(catalogue_of(c90001=PARKING | {"zones": ()}), zones=[])
    watching.looks(6, car((0.8, 0.8, 1.0, 1.0)))
    assert [sighting.zone_id for sighting in watching.open] == [None]


def test_two_types_may_hold_for_one_object():
    catalogue = catalogue_of(c90001=PARKING, c90002=PARKING | {"dwell_seconds": 4})
    watching = Watching(catalogue)
    watching.looks(8, car())
    assert [sighting.issue_code for sighting in watching.open] == ["90001", "90002"]
    assert watching.kinds() == [OPENED, OPENED]


@settings(max_examples=40)
@given(st.lists(st.tuples(*[st.floats(-0.08, 0.08)] * 4), min_size=20, max_size=40))
def test_a_shaking_box_is_one_event(shakes):
    watching = Watching(CATALOGUE)
    width, height = PARKED[2] - PARKED[0], PARKED[3] - PARKED[1]
    for shake in shakes:
        edges = np.array(PARKED) + np.array(shake) * (width, height, width, height)
        watching.show(car(tuple(edges)))
    assert watching.kinds() == [OPENED]


@settings(max_examples=40)
@given(st.lists(st.floats(-0.05, 0.05), min_size=20, max_size=40))
def test_a_box_shaking_on_the_edge_of_a_zone_opens_at_most_one_event(shakes):
    watching = Watching(CATALOGUE)
    for shake in shakes:
        watching.show(car((0.4 + shake, 0.4, 0.6 + shake, 0.6)))
    assert watching.kinds().count(OPENED) <= 1


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from([0.0, 0.04, 0.1, 0.2]), max_size=3), max_size=60))
def test_changes_always_tell_a_whole_story(looks):
    """Whatever comes: opened once, continued only while open, cleared once, in order."""
    watching = Watching(catalogue_of(c90001=PARKING | {"dwell_seconds": 2, "minimum_looks": 2}))
    standing: dict[str, int] = {}
    for places in looks:
        for change in watching.show(*[car(shifted(x), 0.9 - x) for x in places]):
            sighting = change.sighting
            assert (sighting.event_id in standing) is (change.kind is not OPENED)
            assert sighting.first_seen <= sighting.last_seen <= change.changed_at
            if change.kind is CLEARED:
                assert standing.pop(sighting.event_id) == sighting.observed_count
            else:
                assert sighting.observed_count > standing.get(sighting.event_id, 0)
                standing[sighting.event_id] = sighting.observed_count
        assert {sighting.event_id for sighting in watching.open} == standing.keys()
