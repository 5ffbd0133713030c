"""A working period: the hours of a day in which work is done."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from api.clocks.clock_error import ClockError

MINUTES_PER_DAY = 24 * 60
_TEXT = re.compile(r"([0-9]{1,2}):([0-9]{2}) *[-–] *([0-9]{1,2}):([0-9]{2})")


@dataclass(frozen=True, slots=True)
class WorkingPeriod:
    """From one time of the day to a later one; written as ``08:00-12:00``.

    Attributes:
        first_minute: Minute of the day at which work starts, by the clock on the wall.
        last_minute: Minute at which it ends; 1440 is the end of the day, 24:00.

    Raises:
        ClockError: It does not end after it starts, or leaves the day.
    """

    first_minute: int
    last_minute: int

    def __post_init__(self) -> None:
        if not 0 <= self.first_minute < self.last_minute <= MINUTES_PER_DAY:
            raise ClockError(
                f"working period {self} must end after it starts and lie within 00:00-24:00; "
                "write one over midnight as two: 22:00-24:00 and 00:00-06:00"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``08:00-12:00``.

        Raises:
            ClockError: It is no such thing.
        """
        found = _TEXT.fullmatch(text.strip())
        if found is None:
            raise ClockError(f"working period {text.strip()!r} cannot be read; write 08:00-12:00")
        first_hour, first, last_hour, last = (int(part) for part in found.groups())
        if max(first, last) >= 60:
            raise ClockError(f"working period {text.strip()!r}: an hour has the minutes 00 to 59")
        return cls(first_hour * 60 + first, last_hour * 60 + last)

    def __str__(self) -> str:
        return f"{_clock(self.first_minute)}-{_clock(self.last_minute)}"


def read_periods(text: str) -> tuple[WorkingPeriod, ...]:
    """Read working periods with commas between them.

    Raises:
        ClockError: One cannot be read, or they are not in order.
    """
    parts = [part for part in text.replace("，", ",").split(",") if part.strip()]
    return checked_periods([WorkingPeriod.parse(part) for part in parts])


def checked_periods(periods: Sequence[WorkingPeriod]) -> tuple[WorkingPeriod, ...]:
    """Return the working periods of a day if they can be such.

    Raises:
        ClockError: There is none, or one starts before the one before it has ended.
    """
    if not periods:
        raise ClockError("there is no working period; write 08:00-12:00,14:00-18:00 or the like")
    for earlier, later in pairwise(periods):
        if later.first_minute < earlier.last_minute:
            raise ClockError(
                f"working period {later} starts before {earlier} has ended; write them in order "
                "and without overlap"
            )
    return tuple(periods)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
