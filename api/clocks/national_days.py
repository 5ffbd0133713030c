"""A country's weekend, its holidays and the weekend days that are worked for them."""

import functools
from dataclasses import dataclass

import holidays

from api.clocks.calendar_day import CalendarDay, DayKind

# Matters are of today; the rest is room for clocks that are set wrongly and for tests.
_YEARS = range(2020, 2061)


@dataclass(frozen=True, slots=True)
class NationalDays:
    """What a country's calendar says.

    Attributes:
        weekend: Days of the week that are off, Monday being 0.
        days: Holidays, and weekend days that are worked for one, in order. Of years whose days
            off the government has not named yet, only what follows from the law.
    """

    weekend: frozenset[int]
    days: tuple[CalendarDay, ...]


@functools.cache
def national_days(country: str) -> NationalDays:
    """Return the days of a country.

    Args:
        country: Two letters, one of those that the installed calendar knows.
    """
    known = holidays.country_holidays(country, years=_YEARS)
    # A copy: the set belongs to all calendars of the country.
    worked = {day for day in frozenset(known.weekend_workdays) if day.year in _YEARS}
    # A working weekend day that is a holiday as well would be a slip of the installed calendar.
    off = [
        CalendarDay(day, DayKind.HOLIDAY, name) for day, name in known.items() if day not in worked
    ]
    made_up = [CalendarDay(day, DayKind.WORKDAY) for day in worked]
    return NationalDays(
        frozenset(known.weekend), tuple(sorted([*off, *made_up], key=lambda one: one.day))
    )
