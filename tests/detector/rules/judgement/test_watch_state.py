"""What a watch knows outlives the worker."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.rules.judgement.kept_watch import KeptWatch
from detector.rules.judgement.watch_state import WatchState
from detector.sighting import ChangeKind
from tests.watching import BESIDE, CROWD, PARKING, Seen, Watching, car, catalogue_of

OPENED, CONTINUED, CLEARED = ChangeKind.OPENED, ChangeKind.CONTINUED, ChangeKind.CLEARED
CATALOGUE = catalogue_of(c90001=PARKING | {"cool_down_seconds": 30}, c90002=CROWD)
PEOPLE = [Seen("person", (0.55 + n / 20, 0.5, 0.58 + n / 20, 0.7)) for n in range(3)]


def restarted(watching: Watching, catalogue=CATALOGUE, **fields) -> Watching:
    """A new watch that takes up what the one before kept, as JSON text."""
    state = watching.watch.state()
    text = None if state is None else state.model_dump_json()
    kept = KeptWatch(watching.open, None if text is None else WatchState.model_validate_json(text))
    fresh = Watching(catalogue, kept=kept, **fields)
    fresh.now = watching.now
    return fresh


def test_a_watch_that_has_seen_nothing_has_no_state():
    assert Watching(CATALOGUE).watch.state() is None


@given(
    looks=st.lists(st.sampled_from(["", "c", "p", "cp", "b", "cb"]), min_size=2, max_size=30),
    cut=st.integers(1, 29),
)
@settings(max_examples=150)
def test_a_restart_at_any_look_changes_nothing(looks, cut):
    things = {"c": [car()], "p": PEOPLE, "b": [car(BESIDE)]}
    whole, parts = Watching(CATALOGUE), Watching(CATALOGUE)
    for index, look in enumerate(looks):
        if index == cut:
            parts = restarted(parts)
        seen = [one for letter in look for one in things[letter]]
        told = [
            [(one.kind, one.sighting.issue_code, one.sighting.first_seen) for one in changes]
            for changes in (whole.show(*seen), parts.show(*seen))
        ]
        assert told[0] == told[1]


def test_an_event_says_for_how_long_nobody_watched():
    watching = Watching(CATALOGUE)
    watching.looks(8, car())
    assert [one.unwatched_seconds for one in watching.open] == [0.0]
    away = timedelta(minutes=20)
    watching = restarted(watching)
    watching.show(car(), at=watching.now + away)
    (sighting,) = watching.open
    # A look vouches for a minute at most, see LookOrder.
    assert sighting.unwatched_seconds == away.total_seconds() - 60
    watching.looks(3, car())
    assert watching.open[0].unwatched_seconds == sighting.unwatched_seconds


def test_looks_ten_minutes_apart_are_not_taken_for_gaps():
    watching = Watching(CATALOGUE, step_seconds=600)
    watching.looks(5, car())
    assert [one.unwatched_seconds for one in watching.open] == [0.0]


def test_a_cool_down_goes_on_after_a_restart():
    watching = Watching(CATALOGUE)
    watching.looks(10, car())
    watching.looks(6)
    assert watching.kinds() == [OPENED, CLEARED]
    watching = restarted(watching)
    watching.looks(8, car())
    assert watching.changes == []
    watching.looks(20, car())
    assert watching.kinds() == [OPENED]


def test_time_while_nobody_looked_counts_as_after_a_short_gap():
    watching = Watching(catalogue_of(c90001=PARKING | {"dwell_seconds": 300}))
    watching.looks(3, car())
    watching = restarted(watching, catalogue_of(c90001=PARKING | {"dwell_seconds": 300}))
    watching.now += timedelta(hours=1)
    watching.show(car())
    assert watching.changes == []
    watching.looks(117, car())
    assert watching.changes == []
    watching.looks(4, car())
    assert watching.kinds() == [OPENED]


def test_an_event_that_never_reached_the_outbox_is_reported_after_the_restart():
    watching = Watching(CATALOGUE)
    watching.looks(6, car())
    assert watching.kinds() == [OPENED]
    fresh = Watching(CATALOGUE, kept=KeptWatch((), watching.watch.state()))
    fresh.now = watching.now
    (change,) = fresh.show(car())
    assert change.kind is OPENED
    assert change.sighting.first_seen == watching.open[0].first_seen


def test_an_event_that_only_the_outbox_knows_goes_on():
    watching = Watching(CATALOGUE)
    watching.show(car())
    state = watching.watch.state()
    watching.looks(8, car())
    fresh = Watching(CATALOGUE, kept=KeptWatch(watching.open, state))
    fresh.now = watching.now
    assert [change.kind for change in fresh.looks(3, car())] == [CONTINUED] * 3


@pytest.mark.parametrize("changes", [{"zones": []}, {"catalogue": catalogue_of(c90002=CROWD)}])
def test_what_nobody_watches_any_more_clears(changes):
    watching = Watching(CATALOGUE)
    watching.looks(8, car())
    fresh = restarted(watching, **changes)
    assert [change.kind for change in fresh.show(car())] == [CLEARED]
    assert fresh.open == []
