"""Time, hours and restarts in the watch of one camera."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from detector.rules.judgement.kept_watch import KeptWatch
from detector.sighting import ChangeKind, Sighting
from tests.detector.rules.judgement.test_zone_count import people
from tests.watching import (
    BESIDE,
    CROWD,
    NOON,
    PARKED,
    PARKING,
    SHANGHAI,
    ZONES,
    Seen,
    Watching,
    car,
    catalogue_of,
)

OPENED, CONTINUED, CLEARED = ChangeKind.OPENED, ChangeKind.CONTINUED, ChangeKind.CLEARED
CATALOGUE = catalogue_of(c90001=PARKING, c90002=CROWD)
NIGHT = catalogue_of(c90001=PARKING | {"when": {"hours": ("22:00-06:00",)}})


def restarted(watching: Watching, catalogue=CATALOGUE, **fields) -> Watching:
    """The same camera watched anew, with what was open passed through JSON."""
    kept = [Sighting.from_json(sighting.to_json()) for sighting in watching.open]
    fresh = Watching(catalogue, kept=KeptWatch(kept), **fields)
    fresh.now = watching.now
    return fresh


@pytest.mark.parametrize("seconds", [0, -1, -30])
def test_looks_that_are_not_later_are_passed_over(seconds):
    watching = Watching(CATALOGUE)
    watching.looks(5, car())
    at = watching.now
    for _ in range(20):
        watching.show(car(), at=at + timedelta(seconds=seconds))
    assert watching.changes == []
    watching.show(car(), at=at + timedelta(seconds=2))
    assert watching.kinds() == [OPENED]
    assert watching.open[0].observed_count == 6


def test_a_clock_set_back_opens_and_clears_nothing():
    watching = Watching(CATALOGUE)
    watching.looks(6, car())
    watching.now -= timedelta(hours=1)
    assert watching.looks(5) == []
    changes = watching.looks(10, car(), car(BESIDE))
    assert {change.kind for change in changes[:5]} == {CONTINUED}
    assert watching.kinds() == [OPENED, OPENED]
    assert all(
        change.sighting.first_seen <= change.sighting.last_seen <= change.changed_at
        for change in watching.changes
    )


def test_clearing_after_a_clock_set_back_keeps_times_in_order():
    watching = Watching(CATALOGUE)
    watching.looks(6, car())
    watching.now -= timedelta(hours=1)
    watching.looks(12)
    cleared = watching.changes[-1]
    assert cleared.kind is CLEARED
    assert cleared.changed_at >= cleared.sighting.last_seen


def test_a_dark_hour_is_no_dwell():
    catalogue = catalogue_of(c90001=PARKING | {"dwell_seconds": 600})
    watching = Watching(catalogue)
    watching.looks(3, car())
    watching.now += timedelta(hours=1)
    watching.show(car())
    assert watching.changes == []
    # 4 s before the gap and 60 s for it: 536 s are left, 268 looks.
    watching.looks(267, car())
    assert watching.changes == []
    (change,) = watching.show(car())
    assert change.kind is OPENED
    assert change.sighting.first_seen == NOON + timedelta(seconds=2)


def test_another_thing_after_a_dark_hour_starts_anew():
    watching = Watching(CATALOGUE)
    watching.looks(5, car())
    watching.now += timedelta(hours=1)
    watching.looks(5, car(BESIDE))
    assert watching.changes == []


def test_a_dark_hour_does_not_clear():
    watching = Watching(CATALOGUE)
    watching.looks(6, car())
    watching.now += timedelta(hours=1)
    watching.looks(1)
    assert watching.kinds() == [OPENED]
    watching.show(car())
    assert watching.open[0].first_seen == NOON + timedelta(seconds=2)


@settings(max_examples=60)
@given(st.lists(st.integers(-7200, 7200), min_size=1, max_size=60))
def test_no_order_of_times_breaks_the_story(gaps):
    """Jumps of the clock, forth and back, never open one car's event twice at the same time."""
    watching = Watching(CATALOGUE)
    for gap in gaps:
        for change in watching.show(car(), at=watching.now + timedelta(seconds=gap)):
            assert change.sighting.first_seen <= change.sighting.last_seen <= change.changed_at
    assert watching.kinds() in ([], [OPENED])


def local(hour: int, minute: int) -> datetime:
    return datetime(2026, 5, 4, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "opens"),
    [
        (local(23, 0), True),
        (local(0, 0), True),
        (local(5, 50), True),
        (local(6, 0), False),
        (local(12, 0), False),
        (local(21, 50), False),
        (local(22, 0), True),
    ],
)
def test_hours_over_midnight_hold_in_local_time(start, opens):
    watching = Watching(NIGHT)
    for second in range(0, 60, 2):
        watching.show(car(), at=start + timedelta(seconds=second))
    assert watching.kinds() == ([OPENED] if opens else [])


def test_dwell_counts_within_the_hours_only():
    watching = Watching(NIGHT)
    watching.now = local(21, 59) + timedelta(seconds=30)
    watching.looks(60, car())
    (opened,) = [change for change in watching.changes if change.kind is OPENED]
    assert opened.sighting.first_seen == local(22, 0)


def test_an_event_clears_when_its_hours_end():
    watching = Watching(NIGHT)
    watching.now = local(5, 59)
    watching.looks(60, car())
    assert watching.kinds() == [OPENED, CLEARED]
    assert watching.changes[-1].sighting.last_seen < local(6, 0)


@settings(max_examples=40)
@given(start=st.integers(0, 86399), length=st.integers(1, 86399), moment=st.integers(0, 86399))
def test_any_hours_hold_where_the_clock_face_says(start, length, moment):
    def clock(second: int) -> str:
        second %= 86400
        return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"

    hours = {"start": clock(start), "end": clock(start + length)}
    rule = PARKING | {"dwell_seconds": 0, "minimum_looks": 1, "when": {"hours": (hours,)}}
    watching = Watching(catalogue_of(c90001=rule))
    changes = watching.show(car(), at=local(0, 0) + timedelta(seconds=moment))
    assert bool(changes) is ((moment - start) % 86400 < length)


def test_the_same_thing_goes_on_after_a_restart():
    before = Watching(CATALOGUE)
    before.looks(6, car(), *people(3))
    ids = {sighting.event_id for sighting in before.open}
    assert len(ids) == 2
    after = restarted(before)
    assert {sighting.event_id for sighting in after.open} == ids
    after.looks(3, car((0.11, 0.41, 0.31, 0.61)), *people(4))
    assert {change.kind for change in after.changes} == {CONTINUED}
    assert {sighting.event_id for sighting in after.open} == ids
    assert {sighting.observed_count for sighting in after.open} == {9}


def test_what_went_away_during_a_restart_clears():
    before = Watching(CATALOGUE)
    before.looks(6, car(), *people(3))
    after = restarted(before)
    after.looks(3)
    assert after.changes == []
    after.looks(1)
    assert after.kinds() == [CLEARED, CLEARED]
    assert after.changes[0].sighting.event_id == before.changes[0].sighting.event_id


def test_two_types_on_one_object_go_on_after_a_restart():
    catalogue = catalogue_of(c90001=PARKING, c90004=PARKING | {"dwell_seconds": 4})
    before = Watching(catalogue)
    before.looks(8, car(), car(BESIDE))
    assert len(before.open) == 4
    after = restarted(before, catalogue)
    after.looks(5, car(), car(BESIDE))
    assert {change.kind for change in after.changes} == {CONTINUED}
    assert len(after.changes) == 20
    assert {one.event_id for one in after.open} == {one.event_id for one in before.open}


@pytest.mark.parametrize(
    ("catalogue", "zones"),
    [
        (catalogue_of(c90009=PARKING), ZONES),
        (CATALOGUE, [ZONES[0] | {"zone_id": "other"}, ZONES[1] | {"zone_id": "another"}]),
        (CATALOGUE, []),
    ],
)
def test_what_nobody_watches_any_more_clears_at_the_first_look(catalogue, zones):
    before = Watching(CATALOGUE)
    before.looks(6, car(), *people(3))
    with capture_logs() as logs:
        after = restarted(before, catalogue, zones=zones)
    gone = [entry for entry in logs if entry["event"] == "sighting_no_longer_watched"]
    assert {entry["issue_code"] for entry in gone} == {"90001", "90002"}
    assert len(after.open) == 2
    after.show(car(), *people(3))
    assert after.kinds() == [CLEARED, CLEARED]
    assert after.open == []


def test_a_camera_without_issue_types_is_quiet():
    watching = Watching(catalogue_of())
    watching.looks(10, car(), *people(3))
    assert watching.changes == []
    assert watching.open == []


def test_nothing_seen_is_a_look_too():
    watching = Watching(CATALOGUE)
    watching.looks(6, car())
    assert watching.looks(3) == []
    assert [change.kind for change in watching.looks(1)] == [CLEARED]


def test_a_class_that_the_model_does_not_know_is_no_error():
    watching = Watching(catalogue_of(c90001=PARKING | {"classes": ("street_stall", "car")}))
    watching.looks(6, car(PARKED), Seen("person", BESIDE))
    assert watching.kinds() == [OPENED]


def test_what_stands_in_front_for_good_does_not_keep_an_event_open():
    watching = Watching(CATALOGUE)
    watching.looks(8, car())
    person = Seen("person", PARKED)
    # Three times the four looks in which it would clear are waited, and then these four.
    assert watching.looks(15, person) == []
    watching.looks(1, person)
    assert watching.kinds() == [OPENED, CLEARED]
