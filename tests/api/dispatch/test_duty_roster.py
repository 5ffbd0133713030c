"""Who is on duty, and when nobody is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.dispatch.duty_roster import DutyRoster, Shift

START = datetime(2026, 5, 1, tzinfo=UTC)


def at(hour: float) -> datetime:
    return START + timedelta(hours=hour)


def shift(person: str, start: float, end: float, unit_id: str = "team") -> Shift:
    return Shift(unit_id, person, at(start), at(end))


ROSTER = [
    shift("early", 6, 14),
    shift("late", 13, 22),
    shift("brief", 13, 13.5),
    shift("night", 23, 30),
    shift("other", 0, 48, "depot"),
]


@pytest.mark.parametrize(
    ("hour", "person"),
    [
        (5.9, None),
        (6, "early"),
        (13.2, "early"),  # who started first stays
        (14, "late"),  # who ends at a moment is gone at it
        (22, None),
        (22.9, None),
        (23, "night"),
        (30, None),
        (99, None),
    ],
)
def test_who_is_on_duty(hour: float, person: str | None):
    found = DutyRoster(ROSTER).on_duty("team", at(hour))
    assert (None if found is None else found.person) == person


def test_those_who_start_together_are_told_apart_by_name():
    roster = DutyRoster([shift("b", 0, 9), shift("a", 0, 8), shift("a", 0, 8)])
    assert roster.on_duty("team", at(1)).person == "a"
    assert roster.on_duty("team", at(8)).person == "b"
    assert roster.on_duty("nobody", at(1)) is None


def test_gaps_are_between_shifts():
    (gap,) = DutyRoster(ROSTER).gaps()
    assert str(gap) == "nobody of team is on duty from 2026-05-01 22:00 until 2026-05-01 23:00"
    assert DutyRoster([shift("a", 0, 8), shift("b", 8, 16), shift("c", 0, 1)]).gaps() == []
    assert DutyRoster([]).gaps() == []


spans = st.tuples(st.integers(0, 40), st.integers(1, 9), st.sampled_from("abc"))


@given(st.lists(spans, min_size=1, max_size=12))
def test_roster_agrees_with_looking_at_every_shift(given_spans: list[tuple[int, int, str]]):
    shifts = [shift(person, start, start + length) for start, length, person in given_spans]
    roster = DutyRoster(shifts)
    gaps = roster.gaps()
    ends = max(one.ends_at for one in shifts)
    begins = min(one.starts_at for one in shifts)
    for half_hours in range(102):
        moment = at(half_hours / 2)
        running = [one for one in shifts if one.starts_at <= moment < one.ends_at]
        best = min(running, key=lambda one: (one.starts_at, one.person), default=None)
        found = roster.on_duty("team", moment)
        key = None if best is None else (best.starts_at, best.person)
        assert (None if found is None else (found.starts_at, found.person)) == key
        in_gap = any(gap.starts_at <= moment < gap.ends_at for gap in gaps)
        assert in_gap == (begins <= moment < ends and not running)
