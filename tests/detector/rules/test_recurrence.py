"""What comes back at the place where it cleared is a new event that names the earlier one."""

from datetime import timedelta

import pytest

from detector.rules.judgement.past_sightings import MAXIMUM_PLACES
from detector.rules.judgement.watch_state import WatchState
from detector.sighting import ChangeKind, Recurrence, Sighting
from models.rules.rule import DEFAULT_RECURRENCE_SECONDS
from tests.detector.rules.judgement.test_watch_state import PEOPLE, restarted
from tests.watching import BESIDE, CROWD, PARKING, Seen, Watching, car, catalogue_of

CATALOGUE = catalogue_of(c90001=PARKING, c90002=CROWD)
HOLE = {
    "watch_for": "disappearance",
    "classes": ("bicycle",),
    "established_seconds": 6,
    "minimum_looks": 3,
    "clear_after_looks": 2,
}
BICYCLE = Seen("bicycle", (0.1, 0.1, 0.2, 0.2))


def opened(watching: Watching) -> list[Sighting]:
    return [one.sighting for one in watching.changes if one.kind is ChangeKind.OPENED]


def come_and_go(watching: Watching, *seen: Seen) -> Sighting:
    """Let something stand until it is reported and away until it has cleared."""
    before = len(watching.kinds())
    watching.looks(8, *seen)
    watching.looks(6)
    assert watching.kinds()[before:] == [ChangeKind.OPENED, ChangeKind.CLEARED]
    return opened(watching)[-1]


def returns(watching: Watching, *seen: Seen) -> Recurrence | None:
    """What the next thing that is reported says it repeats."""
    count = len(opened(watching))
    watching.looks(8, *seen)
    (sighting,) = opened(watching)[count:]
    return sighting.recurrence


@pytest.mark.parametrize("seen", [[car()], PEOPLE], ids=["one object", "a zone"])
def test_each_return_names_the_event_before_it_and_is_counted(seen):
    watching = Watching(CATALOGUE)
    first, second = come_and_go(watching, *seen), come_and_go(watching, *seen)
    third = come_and_go(watching, *seen)

    assert first.recurrence is None
    assert second.recurrence == Recurrence(first.event_id, 1)
    assert third.recurrence == Recurrence(second.event_id, 2)
    assert watching.changes[-1].sighting.recurrence == third.recurrence


def test_a_thing_that_is_gone_again_is_a_recurrence():
    watching = Watching(catalogue_of(c90001=HOLE))
    watching.looks(8, BICYCLE)
    watching.looks(8)
    watching.looks(8, BICYCLE)
    watching.looks(8)

    first, second = opened(watching)
    assert second.recurrence == Recurrence(first.event_id, 1)


def test_another_place_or_another_type_is_no_return():
    watching = Watching(CATALOGUE)
    come_and_go(watching, car())

    assert returns(watching, car(BESIDE)) is None
    assert returns(watching, *PEOPLE) is None


@pytest.mark.parametrize(
    ("rule", "away", "recurs"),
    [
        ({}, DEFAULT_RECURRENCE_SECONDS - 60, True),
        ({}, DEFAULT_RECURRENCE_SECONDS, False),
        ({"recurrence_seconds": 600}, 660, False),
        ({"recurrence_seconds": 0}, 60, False),
    ],
)
def test_it_is_one_only_for_a_while(rule, away, recurs):
    watching = Watching(catalogue_of(c90001=PARKING | rule))
    come_and_go(watching, car())
    watching.now += timedelta(seconds=away)

    assert (returns(watching, car()) is not None) is recurs


def test_it_is_silent_while_it_cools_down_and_a_recurrence_after():
    watching = Watching(catalogue_of(c90001=PARKING | {"cool_down_seconds": 60}))
    first = come_and_go(watching, car())
    watching.looks(20, car())
    assert len(opened(watching)) == 1

    assert returns(watching, car()) == Recurrence(first.event_id, 1)


@pytest.mark.parametrize("cut", ["while it is away", "while it stands again"])
def test_a_restart_forgets_nothing(cut):
    watching = Watching(CATALOGUE)
    first = come_and_go(watching, car())
    if cut == "while it is away":
        watching = restarted(watching, CATALOGUE)
        assert returns(watching, car()) == Recurrence(first.event_id, 1)
    again = Recurrence(first.event_id, 1)
    watching.looks(8, car())
    watching = restarted(watching, CATALOGUE)
    assert [one.recurrence for one in watching.open] == [again]
    (change,) = watching.show(car())
    assert (change.kind, change.sighting.recurrence) == (ChangeKind.CONTINUED, again)


def test_a_state_of_a_worker_that_did_not_keep_it_is_taken_up():
    watching = Watching(CATALOGUE)
    watching.looks(3, car())
    state = watching.watch.state()
    assert state is not None
    kept = state.model_dump(mode="json")
    for rule in kept["rules"]:
        del rule["past_sightings"]
    assert WatchState.model_validate(kept) == state


def test_of_many_places_the_latest_are_known():
    places = [(n / 20, 0.5, n / 20 + 0.03, 0.55) for n in range(MAXIMUM_PLACES + 2)]
    parking = PARKING | {"zones": ()}
    watching = Watching(catalogue_of(c90001=parking))
    come_and_go(watching, car(places[0]))
    for place in places[1:]:
        come_and_go(watching, car(place))

    state = watching.watch.state()
    assert state is not None
    (rule,) = state.rules
    assert len(rule.past_sightings) == MAXIMUM_PLACES
    assert returns(watching, car(places[-1])) is not None
    assert returns(watching, car(places[0])) is None
