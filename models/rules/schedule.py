"""Schedules: at which hours, on which days and in which part of the year a rule holds."""

import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

_HOURS = re.compile(r"(?P<start>[0-9]{2}:[0-9]{2})-(?P<end>[0-9]{2}:[0-9]{2})")
_DATES = re.compile(r"(?P<start>[0-9]{2}-[0-9]{2})\.\.(?P<end>[0-9]{2}-[0-9]{2})")
# Longest month lengths; 29 February is a date of a rule also in years that have none.
_DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


LocalTime = Annotated[
    time,
    # JSON Schema's own format of a time asks for a zone.
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"}),
]
"""A time of day as clocks in the district show it."""


class Weekday(StrEnum):
    """A day of the week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


_WEEKDAYS = tuple(Weekday)


class Holidays(StrEnum):
    """What public holidays mean to a rule."""

    INCLUDED = "included"
    """Holidays are days like others."""
    ONLY = "only"
    """The rule holds on holidays only."""
    EXCEPTED = "excepted"
    """The rule does not hold on holidays."""


class HoursWindow(BaseModel):
    """A daily span of local time; one that ends before it starts runs over midnight.

    In the catalogue it is written ``"22:00-06:00"``, in quotes; start and end alike mean the
    whole day.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: LocalTime
    end: LocalTime

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if value == "00:00-24:00":
            return {"start": "00:00", "end": "00:00"}
        found = _HOURS.fullmatch(value)
        if found is None:
            raise ValueError(f'hours {value!r}: write them as "22:00-06:00", in quotes')
        return found.groupdict()

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    @property
    def over_midnight(self) -> bool:
        """Whether it ends on the day after the one on which it begins."""
        return self.end < self.start

    def contains(self, moment: time) -> bool:
        """Whether a local wall-clock time lies in the span (start included, end not)."""
        if self.start == self.end:
            return True
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


class DateSpan(BaseModel):
    """A part of every year, both ends included; one that ends before it starts runs over New Year.

    In the catalogue it is written ``"03-01..06-30"``, month and day.

    Attributes:
        start: Month and day, ``MM-DD``.
        end: Month and day, ``MM-DD``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: Annotated[str, Field(pattern=r"^[0-9]{2}-[0-9]{2}$")]
    end: Annotated[str, Field(pattern=r"^[0-9]{2}-[0-9]{2}$")]

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        found = _DATES.fullmatch(value)
        if found is None:
            raise ValueError(f'dates {value!r}: write them as "03-01..06-30", month and day')
        return found.groupdict()

    @model_validator(mode="after")
    def _days_exist(self) -> Self:
        for text in (self.start, self.end):
            month, day = map(int, text.split("-"))
            if not (1 <= month <= 12 and 1 <= day <= _DAYS_OF_MONTH[month - 1]):
                raise ValueError(f"dates {self}: there is no day {text}; write month and day")
        return self

    def __str__(self) -> str:
        return f"{self.start}..{self.end}"

    def contains(self, day: date) -> bool:
        """Whether a day lies in the span."""
        of_year = f"{day:%m-%d}"
        if self.start <= self.end:
            return self.start <= of_year <= self.end
        return of_year >= self.start or of_year <= self.end


class Schedule(BaseModel):
    """When a rule holds; what is left out does not limit it.

    A window over midnight belongs to the day on which it begins: ``"22:00-06:00"`` on Fridays
    ends on Saturday morning.

    Attributes:
        hours: Hours of the day, any of them.
        days: Days of the week, any of them.
        dates: Parts of the year, any of them.
        holidays: What public holidays mean.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hours: tuple[HoursWindow, ...] = ()
    days: tuple[Weekday, ...] = ()
    dates: tuple[DateSpan, ...] = ()
    holidays: Holidays = Holidays.INCLUDED

    @property
    def always(self) -> bool:
        """Whether it limits nothing."""
        return not (self.hours or self.days or self.dates) and (self.holidays is Holidays.INCLUDED)

    def contains(self, moment: datetime, public_holidays: Collection[date]) -> bool:
        """Whether a moment lies in it.

        Args:
            moment: Wall-clock time in the district's zone.
            public_holidays: The district's public holidays.
        """
        if self.always:
            return True
        today = moment.date()
        if not self.hours:
            return self._has_day(today, public_holidays)
        clock = moment.time()
        for window in self.hours:
            if window.contains(clock):
                began_yesterday = window.over_midnight and clock < window.end
                day = today - timedelta(days=1) if began_yesterday else today
                if self._has_day(day, public_holidays):
                    return True
        return False

    def _has_day(self, day: date, public_holidays: Collection[date]) -> bool:
        if self.days and _WEEKDAYS[day.weekday()] not in self.days:
            return False
        if self.dates and not any(span.contains(day) for span in self.dates):
            return False
        if self.holidays is Holidays.INCLUDED:
            return True
        return (day in public_holidays) == (self.holidays is Holidays.ONLY)
