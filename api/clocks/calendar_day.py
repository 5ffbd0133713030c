"""A day of which a calendar says something: off although it is none of a weekend, or worked."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DayKind(StrEnum):
    """What a day is."""

    HOLIDAY = "holiday"
    """节假日: off."""
    WORKDAY = "workday"
    """调休: worked, though it may be a Saturday or Sunday."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """What is said of one day.

    Attributes:
        day: The day.
        kind: What it is.
        name: What it is called; may be empty.
    """

    day: date
    kind: DayKind
    name: str = ""
