"""Hours of the day, such as 08:00-18:00 or, over midnight, 22:00-06:00."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Self

_TEXT = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")
MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class DutyHours:
    """A part of each day, by the clock on the wall.

    Attributes:
        first_minute: Minute of the day with which it begins.
        end_minute: Minute of the day before which it ends; earlier than the first one where it
            goes over midnight.
    """

    first_minute: int
    end_minute: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read hours as they are written.

        Raises:
            ValueError: They are none, or hold the whole day; says what they look like.
        """
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ValueError("are no hours; write them like 08:00-18:00 or 22:00-06:00")
        start, end = (
            int(match[hour]) * 60 + int(match[hour + 1]) if int(match[hour + 1]) < 60 else -1
            for hour in (1, 3)
        )
        if not (0 <= start < MINUTES_OF_A_DAY and 0 <= end <= MINUTES_OF_A_DAY):
            raise ValueError("are no hours; a day goes from 00:00 to 24:00")
        if start == end % MINUTES_OF_A_DAY:
            raise ValueError("are the whole day or none of it; leave them empty for the whole day")
        return cls(start, end)

    def __str__(self) -> str:
        return f"{_clock(self.first_minute)}-{_clock(self.end_minute)}"

    def hold(self, clock: time) -> bool:
        """Whether a time of the day lies in them."""
        return self._hold_minute(clock.hour * 60 + clock.minute)

    def overlap(self, other: Self) -> bool:
        """Whether some minute lies in both."""
        return self._hold_minute(other.first_minute) or other._hold_minute(self.first_minute)

    def _hold_minute(self, minute: int) -> bool:
        if self.first_minute < self.end_minute:
            return self.first_minute <= minute < self.end_minute
        return minute >= self.first_minute or minute < self.end_minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
