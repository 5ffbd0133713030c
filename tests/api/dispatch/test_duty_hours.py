"""Hours of the day, also over midnight."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.dispatch.duty_hours import MINUTES_OF_A_DAY, DutyHours


def hours(text: str) -> DutyHours:
    return DutyHours.parse(text)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("08:00-18:00", ["08:00", "17:59"], ["07:59", "18:00", "00:00"]),
        ("22:00-06:00", ["22:00", "23:59", "00:00", "05:59"], ["06:00", "21:59"]),
        ("18:00-24:00", ["18:00", "23:59"], ["00:00", "17:59"]),
        ("8:30-9:00", ["08:30"], ["09:00"]),
    ],
)
def test_minutes_inside_and_outside(text: str, inside: list[str], outside: list[str]):
    assert [hours(text).hold(time.fromisoformat(one)) for one in inside] == [True] * len(inside)
    assert [hours(text).hold(time.fromisoformat(one)) for one in outside] == [False] * len(outside)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8-18", "write them like 08:00-18:00"),
        ("08:00–18:00", "write them like"),
        ("０8:00-18:00", "write them like"),
        ("08:00-24:01", "from 00:00 to 24:00"),
        ("24:00-08:00", "from 00:00 to 24:00"),
        ("08:60-18:00", "from 00:00 to 24:00"),
        ("08:00-08:00", "leave them empty for the whole day"),
        ("00:00-24:00", "leave them empty for the whole day"),
    ],
)
def test_what_are_no_hours(text: str, said: str):
    with pytest.raises(ValueError, match=said):
        hours(text)


minutes = st.integers(0, MINUTES_OF_A_DAY - 1)
some_hours = st.builds(DutyHours, minutes, minutes).filter(
    lambda one: one.first_minute != one.end_minute
)


@given(some_hours, some_hours)
def test_overlap_is_a_minute_in_both(first: DutyHours, second: DutyHours):
    clocks = [time(minute // 60, minute % 60) for minute in range(MINUTES_OF_A_DAY)]
    together = any(first.hold(clock) and second.hold(clock) for clock in clocks)
    assert first.overlap(second) == second.overlap(first) == together


@given(some_hours)
def test_hours_are_read_as_they_are_written(some: DutyHours):
    assert hours(str(some)) == some
