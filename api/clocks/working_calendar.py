"""A city's working calendar: when work is done, and how much between two moments."""

import math
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from api.clocks.clock_error import ClockError
from api.clocks.instants import (
    LAST_YEAR,
    MICROSECONDS_PER_SECOND,
    in_utc,
    microseconds_of,
    moment_at,
    whole_microseconds,
)
from api.clocks.working_period import WorkingPeriod, checked_periods
from api.clocks.working_year import WorkingYear

DEFAULT_TIME_ZONE = "Asia/Shanghai"
# As in the national practice: eight hours with a long break at noon.
DEFAULT_PERIODS = (WorkingPeriod(8 * 60, 12 * 60), WorkingPeriod(14 * 60, 18 * 60))

MONDAY_TO_SUNDAY = frozenset(range(7))
SATURDAY_AND_SUNDAY = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked, and in which hours; ``city_calendar`` makes that of a city.

    A year is laid out when it is first asked for and kept, so keep the calendar, too.

    Attributes:
        time_zone: IANA name of the zone whose clocks the periods mean.
        periods: Working periods of each working day, in order.
        weekend: Days of the week that are off, Monday being 0.
        holidays: Further days that are off.
        workdays: Days of a weekend that are worked (调休).

    Raises:
        ClockError: The zone is not known, the periods are not in order, the whole week is off, or
            one day is both off and worked.
    """

    time_zone: str = DEFAULT_TIME_ZONE
    periods: tuple[WorkingPeriod, ...] = DEFAULT_PERIODS
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _years: dict[int, WorkingYear] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_zone", known_zone(self.time_zone))
        checked_periods(self.periods)
        if not self.weekend < MONDAY_TO_SUNDAY:
            raise ClockError(
                f"weekend {sorted(self.weekend)} is none; name days from 0, Monday, to 6, Sunday, "
                "and leave one to work"
            )
        both = self.holidays & self.workdays
        if both:
            raise ClockError(f"{min(both)} is both a holiday and a workday; decide for one")

    @property
    def working_day_seconds(self) -> float:
        """Working time of a full working day, seconds."""
        return sum(period.last_minute - period.first_minute for period in self.periods) * 60.0

    def is_working_day(self, day: date) -> bool:
        """Whether work is done on a day."""
        if day in self.workdays:
            return True
        return day.weekday() not in self.weekend and day not in self.holidays

    def local_day(self, moment: datetime) -> date:
        """Return the day that a moment falls on in the city.

        Raises:
            ClockError: The moment has no time zone, or lies outside the years that are counted.
        """
        return in_utc(moment).astimezone(self._zone).date()

    def working_seconds(self, start: datetime, end: datetime) -> float:
        """Return how much working time lies between two moments, seconds.

        An end before the start gives 0: a clock that was set back has done no work.

        Raises:
            ClockError: A moment has no time zone, or lies outside the years that are counted.
        """
        first, last = microseconds_of(start), microseconds_of(end)
        if last <= first:
            return 0.0
        first_year, last_year = self.local_day(start).year, self.local_day(end).year
        done = self._year(last_year).done_at(last) - self._year(first_year).done_at(first)
        done += sum(self._year(year).total for year in range(first_year, last_year))
        return done / MICROSECONDS_PER_SECOND

    def after_working_seconds(self, start: datetime, seconds: float) -> datetime:
        """Return the first moment, UTC, by which so much working time has gone by.

        That is the end of a working period, and not the start of the next, where the time is
        used up just then. No time at all gives the start.

        Args:
            start: From when it is counted.
            seconds: How much working time; 0 or more.

        Raises:
            ClockError: The moment has no time zone, the time is negative or not finite, or the
                end lies outside the years that are counted.
        """
        if not (math.isfinite(seconds) and seconds >= 0):
            raise ClockError(f"working time of {seconds} seconds cannot be counted; give 0 or more")
        year = self.local_day(start).year
        wanted = whole_microseconds(seconds)
        if wanted == 0:
            return in_utc(start)
        wanted += self._year(year).done_at(microseconds_of(start))
        while wanted > self._year(year).total:
            wanted -= self._year(year).total
            year += 1
        return moment_at(self._year(year).instant_at(wanted))

    def _year(self, year: int) -> WorkingYear:
        found = self._years.get(year)
        if found is None:
            if year > LAST_YEAR:
                raise ClockError(
                    f"working time is counted until {LAST_YEAR} and this limit ends later; check "
                    "the limit and the clock"
                )
            first = date(year, 1, 1)
            days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
            worked = filter(self.is_working_day, days)
            found = self._years[year] = WorkingYear.of(worked, self.periods, self._zone)
        return found


def known_zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name.

    Raises:
        ClockError: There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ClockError(
            f"time zone {name!r} is not known; write one like {DEFAULT_TIME_ZONE}"
        ) from None
