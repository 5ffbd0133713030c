"""The duty roster: who of a unit is on duty, and when nobody is."""

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Shift:
    """A person's time on duty.

    Attributes:
        unit_id: The unit that the person stands for.
        person: Login name.
        starts_at: From when on, with its zone.
        ends_at: Until when; at that moment itself no longer.
    """

    unit_id: str
    person: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class DutyGap:
    """A time between two shifts in which nobody of a unit is on duty."""

    unit_id: str
    starts_at: datetime
    ends_at: datetime

    def __str__(self) -> str:
        return (
            f"nobody of {self.unit_id} is on duty from {self.starts_at:%Y-%m-%d %H:%M} "
            f"until {self.ends_at:%Y-%m-%d %H:%M}"
        )


@dataclass(slots=True)
class _Timeline:
    """Who stands for a unit, moment by moment: a shift, or None, from each of the times on."""

    times: list[datetime] = field(default_factory=list)
    shifts: list[Shift | None] = field(default_factory=list)


class DutyRoster:
    """All shifts, and who stands for a unit.

    Where several overlap, the one that started first counts: whoever is at it knows the day's
    matters, and a relief takes over when that one ends. Of those that start together, it is the
    person whose name sorts first.

    Args:
        shifts: The shifts, in any order; each ends after it starts.
    """

    def __init__(self, shifts: Iterable[Shift]) -> None:
        by_unit: dict[str, list[Shift]] = {}
        for shift in shifts:
            by_unit.setdefault(shift.unit_id, []).append(shift)
        self._timelines = {unit_id: _timeline(several) for unit_id, several in by_unit.items()}

    def on_duty(self, unit_id: str, moment: datetime) -> Shift | None:
        """The shift that stands for a unit at a moment, or None if nobody does."""
        timeline = self._timelines.get(unit_id)
        if timeline is None:
            return None
        index = bisect_right(timeline.times, moment) - 1
        return timeline.shifts[index] if index >= 0 else None

    def gaps(self) -> list[DutyGap]:
        """When nobody of a unit is on duty, between its first shift and its last one."""
        return [
            DutyGap(unit_id, start, end)
            for unit_id, timeline in sorted(self._timelines.items())
            for (start, end), shift in zip(pairwise(timeline.times), timeline.shifts, strict=False)
            if shift is None
        ]


def _timeline(shifts: Sequence[Shift]) -> _Timeline:
    """Walk along the starts and ends, with the running shifts in a heap, the oldest on top."""
    waiting = sorted(set(shifts), key=_age, reverse=True)
    running: list[tuple[datetime, str, datetime, Shift]] = []
    timeline = _Timeline()
    for moment in sorted({time for shift in shifts for time in (shift.starts_at, shift.ends_at)}):
        while waiting and waiting[-1].starts_at <= moment:
            shift = waiting.pop()
            heapq.heappush(running, (*_age(shift), shift))
        while running and running[0][2] <= moment:
            heapq.heappop(running)
        timeline.times.append(moment)
        timeline.shifts.append(running[0][3] if running else None)
    return timeline


def _age(shift: Shift) -> tuple[datetime, str, datetime]:
    return (shift.starts_at, shift.person, shift.ends_at)
