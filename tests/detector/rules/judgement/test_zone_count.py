"""Rules about a zone as a whole: crowds, jams, bicycles left in heaps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.sighting import ChangeKind
from tests.watching import CROWD, Seen, Watching, catalogue_of

OPENED, CONTINUED, CLEARED = ChangeKind.OPENED, ChangeKind.CONTINUED, ChangeKind.CLEARED
CATALOGUE = catalogue_of(c90002=CROWD)


def people(count: int, start: float = 0.55, y: float = 0.5) -> list[Seen]:
    return [
        Seen("person", (start + 0.05 * n, y, start + 0.05 * n + 0.03, y + 0.2), 0.9 - 0.05 * n)
        for n in range(count)
    ]


@pytest.fixture
def watching() -> Watching:
    return Watching(CATALOGUE)


def test_a_crowd_is_one_event_with_everyone_in_it(watching):
    watching.looks(6, *people(4), Seen("car", (0.6, 0.1, 0.7, 0.2)), *people(2, start=0.1))
    (change,) = watching.changes
    assert change.kind is OPENED
    assert change.sighting.zone_id == "square"
    assert change.sighting.class_names == ("person",) * 4
    assert change.sighting.score == pytest.approx(0.9)


def test_people_who_come_and_go_are_still_a_crowd(watching):
    for look in range(20):
        watching.show(*people(3, start=0.5 + 0.02 * (look % 10), y=0.3 + 0.02 * look))
    assert watching.kinds() == [OPENED]


def test_too_few_are_no_crowd(watching):
    watching.looks(30, *people(2))
    assert watching.changes == []


def test_a_camera_has_its_own_count():
    watching = Watching(CATALOGUE, issue_types=[{"code": "90002", "minimum_count": 2}])
    watching.looks(8, *people(2))
    assert watching.kinds() == [OPENED]


def test_a_dip_does_not_end_it_but_an_end_does(watching):
    watching.looks(6, *people(3))
    for _ in range(4):
        watching.looks(3, *people(2))
        watching.show(*people(3))
    assert watching.kinds() == [OPENED]
    watching.looks(4, *people(2))
    assert watching.kinds() == [OPENED, CLEARED]
    watching.looks(6, *people(3))
    assert watching.kinds() == [OPENED, CLEARED, OPENED]


def test_a_dip_does_not_stop_the_dwell(watching):
    watching.looks(3, *people(3))
    watching.show(*people(2))
    assert [change.kind for change in watching.looks(2, *people(3))] == [OPENED]


@pytest.mark.parametrize("pattern", ["x-", "x--", "xx--", "xxxx----"])
def test_what_holds_in_half_of_the_looks_never_dwells(pattern):
    watching = Watching(catalogue_of(c90002=CROWD | {"dwell_seconds": 20}))
    for _ in range(20):
        for mark in pattern:
            watching.show(*people(3 if mark == "x" else 2))
    assert watching.changes == []


def test_each_zone_has_its_own_event():
    zones = [
        {
            "zone_id": name,
            "kind": "plaza",
            "polygon": [(x, 0), (x + 0.45, 0), (x + 0.45, 1), (x, 1)],
        }
        for name, x in (("west", 0.0), ("east", 0.5))
    ]
    watching = Watching(CATALOGUE, zones=zones)
    watching.looks(6, *people(3, start=0.05), *people(3))
    assert [sighting.zone_id for sighting in watching.open] == ["west", "east"]


def test_standing_rules_count_only_what_stands():
    heap = CROWD | {"classes": ("bicycle", "motorcycle"), "motion": "standing"}
    watching = Watching(catalogue_of(c90003=heap))
    parked = [
        Seen(name, (x, 0.5, x + 0.08, 0.6))
        for name, x in (("bicycle", 0.55), ("motorcycle", 0.7), ("bicycle", 0.85))
    ]
    for look in range(30):
        x = 0.5 + 0.1 * (look % 4)
        watching.show(*parked[:2], Seen("bicycle", (x, 0.8, x + 0.08, 0.9)))
    assert watching.changes == []
    watching.looks(12, *parked)
    (opened,) = [change for change in watching.changes if change.kind is OPENED]
    assert sorted(opened.sighting.class_names) == ["bicycle", "bicycle", "motorcycle"]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 5), max_size=80))
def test_a_zone_never_has_two_events(counts):
    watching = Watching(catalogue_of(c90002=CROWD | {"dwell_seconds": 2, "minimum_looks": 2}))
    for count in counts:
        watching.show(*people(count))
        assert len(watching.open) <= 1
    kinds = watching.kinds()
    assert kinds == [OPENED, CLEARED] * (len(kinds) // 2) + [OPENED] * (len(kinds) % 2)
