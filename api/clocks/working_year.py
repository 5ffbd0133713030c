"""The working time of one year, so laid out that each question is a search in a sorted list."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Self

from api.clocks.instants import MICROSECONDS_PER_SECOND
from api.clocks.working_period import MINUTES_PER_DAY, WorkingPeriod

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingYear:
    """The stretches of a year in which work is done; all in microseconds.

    Attributes:
        starts: When each starts, from 1970, in order.
        ends: When each ends.
        done_before: Working time of the year before each starts.
        total: Working time of the whole year.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    done_before: tuple[int, ...]
    total: int

    @classmethod
    def of(cls, days: Iterable[date], periods: Sequence[WorkingPeriod], zone: tzinfo) -> Self:
        """Lay out the working days of one year, which come in order.

        Where clocks are put forward, what of a period they leave out is not worked; where they
        are put back, a period that holds the repeated hour is longer by it.
        """
        starts: list[int] = []
        ends: list[int] = []
        done_before: list[int] = []
        total, last_end = 0, None
        for day in days:
            for period in periods:
                # A time that clocks leave out stands for a later one, that another period may hold.
                start = _instant(day, period.first_minute, zone)
                start = start if last_end is None else max(start, last_end)
                last_end = max(start, _instant(day, period.last_minute, zone))
                if start < last_end:
                    starts.append(start)
                    ends.append(last_end)
                    done_before.append(total)
                    total += last_end - start
        return cls(tuple(starts), tuple(ends), tuple(done_before), total)

    def done_at(self, instant: int) -> int:
        """Return the working time of the year up to an instant."""
        latest = bisect_right(self.starts, instant) - 1
        if latest < 0:
            return 0
        return self.done_before[latest] + min(instant, self.ends[latest]) - self.starts[latest]

    def instant_at(self, done: int) -> int:
        """Return the first instant at which so much of the year's working time is done.

        Args:
            done: More than 0, at most ``total``.
        """
        latest = bisect_left(self.done_before, done) - 1
        return self.starts[latest] + done - self.done_before[latest]


def _instant(day: date, minute: int, zone: tzinfo) -> int:
    if minute == MINUTES_PER_DAY:
        day, minute = day + _ONE_DAY, 0
    moment = datetime.combine(day, time(minute // 60, minute % 60), zone)
    return int(moment.timestamp()) * MICROSECONDS_PER_SECOND
