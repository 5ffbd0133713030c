"""Working time between moments."""

import math
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.clocks.clock_error import ClockError
from api.clocks.working_calendar import WorkingCalendar
from api.clocks.working_period import WorkingPeriod, read_periods
from tests.api.clocks.minute_by_minute import MINUTE, calendars, moments, spans, worked_minutes

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Thursday and Friday off, the Saturday after worked instead.
CALENDAR = WorkingCalendar(
    holidays=frozenset({date(2026, 10, 1), date(2026, 10, 2)}),
    workdays=frozenset({date(2026, 10, 10)}),
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 3), False),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
    ],
)
def test_days(day: date, works: bool):
    assert CALENDAR.is_working_day(day) is works


@given(calendars(), moments(), spans())
@settings(max_examples=60)
def test_working_time_is_that_of_each_minute(
    calendar: WorkingCalendar, start: datetime, span: timedelta
):
    end = start.astimezone(UTC) + span
    assert (
        calendar.working_seconds(start, end)
        == worked_minutes(start.astimezone(UTC), end, calendar) * 60
    )


@given(calendars(), moments(), st.integers(1, 30 * 60))
@settings(max_examples=60)
def test_end_of_working_time_is_the_first_such_moment(
    calendar: WorkingCalendar, start: datetime, minutes: int
):
    end = calendar.after_working_seconds(start, minutes * 60)
    assert calendar.working_seconds(start, end) == minutes * 60
    assert calendar.working_seconds(start, end - timedelta(microseconds=1)) < minutes * 60
    assert calendar.working_seconds(start, end - MINUTE) == (minutes - 1) * 60


@given(calendars(), moments(), moments(), moments())
@settings(max_examples=60)
def test_parts_of_a_time_add_up(
    calendar: WorkingCalendar, first: datetime, second: datetime, third: datetime
):
    start, middle, end = sorted(one.astimezone(UTC) for one in (first, second, third))
    parts = calendar.working_seconds(start, middle) + calendar.working_seconds(middle, end)
    assert parts == calendar.working_seconds(start, end)


def test_years_add_up():
    start = datetime(2026, 1, 1, tzinfo=SHANGHAI)
    # 104 days of weekends and the two holidays are off, the Saturday is worked.
    assert CALENDAR.working_seconds(start, start.replace(year=2027)) == (365 - 104 - 2 + 1) * 28800
    five_years = CALENDAR.working_seconds(start, start.replace(year=2031))
    assert CALENDAR.after_working_seconds(start, five_years) == datetime(
        2030, 12, 31, 18, tzinfo=SHANGHAI
    )


def test_end_before_the_start_has_no_working_time():
    start = datetime(2026, 9, 30, 12, tzinfo=SHANGHAI)
    assert CALENDAR.working_seconds(start, start - timedelta(hours=2)) == 0
    assert CALENDAR.working_seconds(start, start) == 0


def test_no_working_time_ends_where_it_starts():
    night = datetime(2026, 9, 30, 23, tzinfo=SHANGHAI)
    assert CALENDAR.after_working_seconds(night, 0) == night


def test_repeated_hour_of_a_night_is_worked_twice():
    """Seconds of one zone's clocks would count it once."""
    new_york = ZoneInfo("America/New_York")
    calendar = WorkingCalendar("America/New_York", read_periods("00:00-24:00"), frozenset({0}))
    before = datetime(2026, 11, 1, 1, 30, tzinfo=new_york)
    after = before.replace(fold=1)
    assert calendar.working_seconds(before, after) == 3600
    assert calendar.after_working_seconds(before, 3600).timestamp() == after.timestamp()


def test_left_out_hour_is_not_worked_twice():
    """02:15 to 02:45 does not exist on that day; its clocks show 03:15 to 03:45 meanwhile."""
    calendar = WorkingCalendar(
        "America/New_York", read_periods("02:15-02:45,03:00-04:00"), frozenset({0})
    )
    night = datetime(2026, 3, 8, 0, tzinfo=ZoneInfo("America/New_York"))
    assert calendar.working_seconds(night, night + timedelta(hours=12)) == 45 * 60


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        ({"time_zone": "Asia/Peking"}, "'Asia/Peking' is not known; write one like Asia/Shanghai"),
        ({"time_zone": "../etc"}, "'../etc' is not known"),
        ({"time_zone": ""}, "'' is not known"),
        ({"periods": ()}, "there is no working period"),
        ({"periods": (WorkingPeriod(60, 120), WorkingPeriod(0, 30))}, "starts before"),
        ({"weekend": frozenset(range(7))}, "leave one to work"),
        ({"weekend": frozenset({7})}, r"weekend \[7\] is none"),
        (
            {"holidays": frozenset({date(2026, 5, 1)}), "workdays": frozenset({date(2026, 5, 1)})},
            "2026-05-01 is both",
        ),
    ],
)
def test_calendar_that_is_none_is_refused(made: dict, problem: str):
    with pytest.raises(ClockError, match=problem):
        WorkingCalendar(**made)


@pytest.mark.parametrize(
    "moment",
    [
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=ZoneInfo("America/New_York")),
        datetime(1969, 12, 31, tzinfo=UTC),
    ],
)
def test_moment_out_of_all_bounds_is_refused(moment: datetime):
    with pytest.raises(ClockError, match="lies outside 1970 to 2199; check the clock"):
        CALENDAR.working_seconds(moment, moment)


def test_moment_without_a_zone_is_refused():
    with pytest.raises(ClockError, match="2026-01-01T00:00:00 has no time zone; give one"):
        CALENDAR.after_working_seconds(datetime(2026, 1, 1), 60)


@pytest.mark.parametrize("seconds", [-1, math.nan, math.inf])
def test_working_time_that_is_none_is_refused(seconds: float):
    with pytest.raises(ClockError, match="give 0 or more"):
        CALENDAR.after_working_seconds(datetime(2026, 1, 1, tzinfo=UTC), seconds)


def test_working_time_without_end_is_refused():
    with pytest.raises(ClockError, match="counted until 2199 and this limit ends later"):
        CALENDAR.after_working_seconds(datetime(2026, 1, 1, tzinfo=UTC), 1e15)
