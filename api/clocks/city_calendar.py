"""A city's calendar: its country's days with its own laid over them."""

from collections.abc import Iterable
from datetime import date

from api.clocks.calendar_day import CalendarDay, DayKind
from api.clocks.clock_settings import ClockSettings
from api.clocks.national_days import national_days
from api.clocks.working_calendar import WorkingCalendar


def city_days(country: str, own: Iterable[CalendarDay]) -> tuple[CalendarDay, ...]:
    """Return all days of which something is said, in order; of each, the city's word wins."""
    said = {one.day: one for one in (*national_days(country).days, *own)}
    return tuple(sorted(said.values(), key=lambda one: one.day))


def city_calendar(settings: ClockSettings, own: Iterable[CalendarDay] = ()) -> WorkingCalendar:
    """Make the calendar of a city.

    Args:
        settings: Its time zone, its working periods and its country.
        own: The days that the city has imported.
    """
    days = city_days(settings.holidays_country, own)
    return WorkingCalendar(
        time_zone=settings.time_zone,
        periods=settings.working_periods,
        weekend=national_days(settings.holidays_country).weekend,
        holidays=_of_kind(days, DayKind.HOLIDAY),
        workdays=_of_kind(days, DayKind.WORKDAY),
    )


def _of_kind(days: Iterable[CalendarDay], kind: DayKind) -> frozenset[date]:
    return frozenset(one.day for one in days if one.kind is kind)
