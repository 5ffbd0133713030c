"""Deadlines of limits."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.clocks.clock_error import ClockError
from api.clocks.deadline import deadline, elapsed, limit_seconds, moment_after
from api.clocks.time_limit import TimeLimit, TimeUnit
from api.clocks.working_calendar import WorkingCalendar
from tests.api.clocks.minute_by_minute import calendars, elapsed_minutes, moments, spans

SHANGHAI = ZoneInfo("Asia/Shanghai")
# National Day on a Thursday; the Saturday of the week after is worked for the Friday.
CALENDAR = WorkingCalendar(
    holidays=frozenset({date(2026, 10, 1), date(2026, 10, 2)}),
    workdays=frozenset({date(2026, 10, 10)}),
)

amounts = st.floats(0.01, 6).map(lambda amount: round(amount, 3))
limits = st.builds(TimeLimit, amounts, st.sampled_from(TimeUnit))


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-{day}T{clock}:00").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        # By day, over the break and over the night.
        (at("09-29", "09:00"), "2 work_hour", at("09-29", "11:00")),
        (at("09-29", "11:00"), "2 work_hour", at("09-29", "15:00")),
        (at("09-29", "17:00"), "2 work_hour", at("09-30", "09:00")),
        (at("09-29", "10:00"), "1 work_day", at("09-30", "10:00")),
        # What is used up by the end of a period is due then.
        (at("09-29", "08:00"), "4 work_hour", at("09-29", "12:00")),
        (at("09-29", "08:00"), "1 work_day", at("09-29", "18:00")),
        # At night, before and after midnight, and in the break.
        (at("09-29", "22:00"), "2 work_hour", at("09-30", "10:00")),
        (at("09-30", "03:00"), "2 work_hour", at("09-30", "10:00")),
        (at("09-29", "12:30"), "2 work_hour", at("09-29", "16:00")),
        # On a holiday before a weekend.
        (at("10-01", "10:00"), "2 work_hour", at("10-05", "10:00")),
        (at("09-30", "14:00"), "1 work_day", at("10-05", "12:00")),
        # Over a Saturday that is worked, and on it.
        (at("10-09", "17:00"), "2 work_hour", at("10-10", "09:00")),
        (at("10-10", "17:00"), "2 work_hour", at("10-12", "09:00")),
        (at("10-17", "09:00"), "2 work_hour", at("10-19", "10:00")),
        # Day and night.
        (at("10-01", "23:00"), "2 urgent_hour", at("10-02", "01:00")),
        (at("10-01", "23:00"), "3 natural_day", at("10-04", "23:00")),
        (at("09-29", "09:00"), "0.25 urgent_hour", at("09-29", "09:15")),
    ],
)
def test_deadline(start: datetime, limit: str, due: datetime):
    assert deadline(start, TimeLimit.parse(limit), CALENDAR) == due


@given(calendars(), moments(), limits)
@settings(max_examples=100)
def test_what_has_gone_by_at_the_deadline_is_the_limit(
    calendar: WorkingCalendar, start: datetime, limit: TimeLimit
):
    due = deadline(start, limit, calendar)
    assert elapsed(start, due, limit.unit, calendar) == limit_seconds(limit, calendar)


@given(calendars(), moments(), spans(), limits)
@settings(max_examples=100)
def test_later_start_gives_no_earlier_deadline(
    calendar: WorkingCalendar, start: datetime, span: timedelta, limit: TimeLimit
):
    later = start.astimezone(UTC) + span
    assert deadline(start, limit, calendar) <= deadline(later, limit, calendar)


@given(calendars(), moments(), spans(), st.sampled_from(TimeUnit))
@settings(max_examples=60)
def test_elapsed_time_is_that_of_each_minute(
    calendar: WorkingCalendar, start: datetime, span: timedelta, unit: TimeUnit
):
    first = start.astimezone(UTC)
    end = first + span
    slow = elapsed_minutes(first, end, unit, calendar) * 60
    assert elapsed(start, end, unit, calendar) == slow


@pytest.mark.parametrize("unit", TimeUnit)
def test_clock_that_was_set_back_has_used_nothing(unit: TimeUnit):
    start = at("09-29", "11:00")
    assert elapsed(start, start - timedelta(hours=1), unit, CALENDAR) == 0


@pytest.mark.parametrize("unit", TimeUnit)
def test_moment_without_a_zone_is_refused(unit: TimeUnit):
    naive = datetime(2026, 1, 1)
    with pytest.raises(ClockError, match="has no time zone"):
        deadline(naive, TimeLimit(1, unit), CALENDAR)
    with pytest.raises(ClockError, match="has no time zone"):
        elapsed(at("09-29", "11:00"), naive, unit, CALENDAR)


@pytest.mark.parametrize("unit", TimeUnit)
def test_deadline_beyond_all_years_is_refused(unit: TimeUnit):
    start = datetime(2199, 12, 1, tzinfo=UTC)
    with pytest.raises(ClockError, match="2199"):
        deadline(start, TimeLimit(3660, unit), CALENDAR)


@pytest.mark.parametrize("unit", TimeUnit)
def test_negative_time_is_refused(unit: TimeUnit):
    with pytest.raises(ClockError, match="give 0 or more"):
        moment_after(at("09-29", "11:00"), -1, unit, CALENDAR)
