"""A time limit: how long something may take, in one of four units."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from api.clocks.clock_error import ClockError

# Ten years of days. Longer is a slip of the pen.
LARGEST_AMOUNT = 3660.0


class TimeUnit(StrEnum):
    """What a limit is counted in."""

    URGENT_HOUR = "urgent_hour"
    """紧急工作时: an hour; nights, weekends and holidays count."""
    NATURAL_DAY = "natural_day"
    """紧急工作日: 24 hours; nights, weekends and holidays count."""
    WORK_HOUR = "work_hour"
    """工作时: an hour inside the working periods of working days."""
    WORK_DAY = "work_day"
    """工作日: as much working time as a full working day has."""

    @property
    def is_continuous(self) -> bool:
        """Whether it counts day and night."""
        return self in {TimeUnit.URGENT_HOUR, TimeUnit.NATURAL_DAY}


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How long something may take; written as ``2 urgent_hour``.

    Attributes:
        amount: How many units; more than 0, at most ``LARGEST_AMOUNT``, parts of one allowed.
        unit: The unit.

    Raises:
        ClockError: The amount is none.

    Example:
        >>> TimeLimit.parse("0.25 urgent_hour")
        TimeLimit(amount=0.25, unit=<TimeUnit.URGENT_HOUR: 'urgent_hour'>)
        >>> str(TimeLimit(4, TimeUnit.WORK_HOUR))
        '4 work_hour'
    """

    amount: float
    unit: TimeUnit

    def __post_init__(self) -> None:
        if not (math.isfinite(self.amount) and 0 < self.amount <= LARGEST_AMOUNT):
            raise ClockError(
                f"time limit of {self.amount:g} {self.unit}: write more than 0 and at most "
                f"{LARGEST_AMOUNT:g}"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an amount and a unit with a space between them.

        Raises:
            ClockError: It is no such thing; says what can be written.
        """
        try:
            amount, unit = text.split()
            return cls(float(amount), TimeUnit(unit))
        except ValueError:
            units = ", ".join(TimeUnit)
            raise ClockError(
                f"time limit {text!r} cannot be read; write an amount and one of {units}, "
                "like '4 work_hour'"
            ) from None

    def __str__(self) -> str:
        # All digits of the amount, none of a whole number's ".0".
        return f"{repr(float(self.amount)).removesuffix('.0')} {self.unit}"
