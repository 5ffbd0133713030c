"""Deadlines, and how much of a limit has gone by, each in the unit's own time.

The own time of a continuous unit is that of any clock on the wall; of the others, the working
time of the city's calendar.
"""

import math
from datetime import datetime

from api.clocks.clock_error import ClockError
from api.clocks.instants import (
    MICROSECONDS_PER_SECOND,
    microseconds_of,
    moment_at,
    whole_microseconds,
)
from api.clocks.time_limit import TimeLimit, TimeUnit
from api.clocks.working_calendar import WorkingCalendar


def deadline(start: datetime, limit: TimeLimit, calendar: WorkingCalendar) -> datetime:
    """Return the moment, UTC, by which a limit is used up; a later start gives no earlier one.

    Raises:
        ClockError: The start has no time zone, or the deadline lies outside the years that are
            counted.
    """
    return moment_after(start, limit_seconds(limit, calendar), limit.unit, calendar)


def elapsed(start: datetime, end: datetime, unit: TimeUnit, calendar: WorkingCalendar) -> float:
    """Return how much of the unit's own time lies between two moments, seconds.

    An end before the start gives 0: a clock that was set back must stop nobody, and what has not
    begun has used nothing.

    Raises:
        ClockError: A moment has no time zone, or lies outside the years that are counted.
    """
    if unit.is_continuous:
        between = microseconds_of(end) - microseconds_of(start)
        return max(0, between) / MICROSECONDS_PER_SECOND
    return calendar.working_seconds(start, end)


def moment_after(
    start: datetime, seconds: float, unit: TimeUnit, calendar: WorkingCalendar
) -> datetime:
    """Return the first moment, UTC, by which so much of the unit's own time has gone by.

    Args:
        start: From when it is counted.
        seconds: How much; 0 or more. 0 gives the start.
        unit: Whose time.
        calendar: When work is done.

    Raises:
        ClockError: The start has no time zone, the time is negative or not finite, or the moment
            lies outside the years that are counted.
    """
    if not unit.is_continuous:
        return calendar.after_working_seconds(start, seconds)
    if not (math.isfinite(seconds) and seconds >= 0):
        raise ClockError(f"time of {seconds} seconds cannot be counted; give 0 or more")
    return moment_at(microseconds_of(start) + whole_microseconds(seconds))


def limit_seconds(limit: TimeLimit, calendar: WorkingCalendar) -> float:
    """Return a limit in seconds of its unit's own time, to the microsecond."""
    return round(limit.amount * _unit_seconds(limit.unit, calendar), 6)


def _unit_seconds(unit: TimeUnit, calendar: WorkingCalendar) -> float:
    match unit:
        case TimeUnit.URGENT_HOUR | TimeUnit.WORK_HOUR:
            return 3600.0
        case TimeUnit.NATURAL_DAY:
            return 24 * 3600.0
        case TimeUnit.WORK_DAY:
            return calendar.working_day_seconds
