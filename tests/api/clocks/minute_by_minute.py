"""Working time counted the slow, obvious way: each minute is asked whether work is done in it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from api.clocks.time_limit import TimeUnit
from api.clocks.working_calendar import WorkingCalendar
from api.clocks.working_period import read_periods

MINUTE = timedelta(minutes=1)
# New York puts its clocks forward on 8 March 2026 and back on 1 November.
FIRST_DAYS = (date(2026, 3, 5), date(2026, 10, 29), date(2025, 12, 29))
ZONES = ("Asia/Shanghai", "America/New_York", "Asia/Kolkata")
PERIODS = ("08:00-12:00,14:00-18:00", "00:00-24:00", "00:00-06:00,22:00-24:00", "09:30-17:15")


def counts(minute: datetime, calendar: WorkingCalendar) -> bool:
    """Whether work is done in the minute that starts then."""
    local = minute.astimezone(ZoneInfo(calendar.time_zone))
    day = local.date()
    if day not in calendar.workdays and (
        day in calendar.holidays or day.weekday() in calendar.weekend
    ):
        return False
    now = local.hour * 60 + local.minute
    return any(one.first_minute <= now < one.last_minute for one in calendar.periods)


def worked_minutes(start: datetime, end: datetime, calendar: WorkingCalendar) -> int:
    found = 0
    while start < end:
        found += counts(start, calendar)
        start += MINUTE
    return found


def elapsed_minutes(
    start: datetime, end: datetime, unit: TimeUnit, calendar: WorkingCalendar
) -> int:
    if unit in {TimeUnit.URGENT_HOUR, TimeUnit.NATURAL_DAY}:
        return max(0, (end - start) // MINUTE)
    return worked_minutes(start, end, calendar)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """A calendar with days off and make-up days in one of the tested weeks."""
    first = draw(st.sampled_from(FIRST_DAYS))
    days = [first + timedelta(days=n) for n in range(8)]
    off = draw(st.sets(st.sampled_from(days), max_size=3))
    worked = draw(st.sets(st.sampled_from(days), max_size=2)) - off
    return WorkingCalendar(
        time_zone=draw(st.sampled_from(ZONES)),
        periods=read_periods(draw(st.sampled_from(PERIODS))),
        holidays=frozenset(off),
        workdays=frozenset(worked),
    )


def moments() -> st.SearchStrategy[datetime]:
    """A whole minute in one of the tested weeks, by the clock of some zone."""
    return st.builds(
        lambda first, minute, zone: (
            datetime(first.year, first.month, first.day, tzinfo=UTC) + minute * MINUTE
        ).astimezone(ZoneInfo(zone)),
        st.sampled_from(FIRST_DAYS),
        st.integers(0, 4 * 24 * 60),
        st.sampled_from(("UTC", *ZONES)),
    )


def spans() -> st.SearchStrategy[timedelta]:
    return st.builds(lambda minutes: minutes * MINUTE, st.integers(0, 3 * 24 * 60))
