"""A thing that stood for long is gone: a manhole cover, a guardrail."""

from datetime import timedelta

import pytest

from detector.rules.judgement.kept_watch import KeptWatch
from detector.sighting import ChangeKind
from tests.watching import BESIDE, Seen, Watching, car, catalogue_of

OPENED, CONTINUED, CLEARED = ChangeKind.OPENED, ChangeKind.CONTINUED, ChangeKind.CLEARED
RULE = {
    "watch_for": "disappearance",
    "classes": ("traffic_light",),
    "zones": ("no_parking",),
    "established_seconds": 60,
    "dwell_seconds": 6,
    "minimum_looks": 3,
    "clear_after_looks": 2,
}
CATALOGUE = catalogue_of(c90001=RULE)
LIGHT = Seen("traffic_light", (0.2, 0.4, 0.25, 0.6))


@pytest.fixture
def watching() -> Watching:
    watching = Watching(CATALOGUE)
    watching.looks(35, LIGHT)
    assert watching.changes == []
    return watching


def test_what_is_gone_is_one_event_at_its_place(watching):
    watching.looks(20, car(BESIDE))
    assert watching.kinds() == [OPENED]
    (sighting,) = watching.open
    assert sighting.zone_id == "kerb"
    assert sighting.class_names == ("missing_traffic_light",)
    assert sighting.boxes[0].tolist() == pytest.approx(LIGHT.box, abs=1e-5)


def test_it_clears_when_the_thing_stands_there_again(watching):
    watching.looks(20)
    watching.looks(4, LIGHT)
    assert watching.kinds() == [OPENED, CLEARED]
    watching.looks(20)
    assert watching.kinds() == [OPENED, CLEARED, OPENED]


def test_what_is_hidden_is_not_gone(watching):
    watching.looks(100, Seen("truck", (0.1, 0.3, 0.4, 0.7)))
    assert watching.changes == []
    watching.looks(5, LIGHT)
    assert watching.changes == []


def test_a_thing_that_stood_for_a_short_time_does_not_belong_there():
    watching = Watching(CATALOGUE)
    watching.looks(10, LIGHT)
    watching.looks(30)
    assert watching.changes == []


def test_a_few_misses_are_nothing(watching):
    for _ in range(10):
        watching.looks(2)
        watching.looks(3, LIGHT)
    assert watching.changes == []


def test_it_is_known_after_a_restart_that_something_stood_there(watching):
    watching.looks(2)
    after = Watching(CATALOGUE, kept=KeptWatch((), watching.watch.state()))
    after.now = watching.now
    after.looks(4)
    assert after.kinds() == [OPENED]


def test_an_event_goes_on_by_the_outbox_alone(watching):
    watching.looks(10)
    after = Watching(CATALOGUE, kept=KeptWatch(watching.open))
    after.now = watching.now + timedelta(minutes=1)
    assert [change.kind for change in after.looks(3)] == [CONTINUED] * 3
    after.looks(3, LIGHT)
    assert after.kinds() == [CLEARED]
