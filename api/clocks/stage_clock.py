"""The clock of one stage of a matter: how much of its limit is used up, and when it is over."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from api.clocks.clock_error import ClockError
from api.clocks.deadline import elapsed, limit_seconds, moment_after
from api.clocks.instants import MICROSECOND, in_utc
from api.clocks.time_limit import TimeLimit
from api.clocks.working_calendar import WorkingCalendar

# Up to this share of the limit a light is green; the share that cities' platforms use.
GREEN_SHARE = 0.8


class Light(StrEnum):
    """How a clock stands, at a glance."""

    GREEN = "green"
    """At most 80 % of the limit is used."""
    YELLOW = "yellow"
    """More is used, the deadline is not over."""
    RED = "red"
    """The deadline is over."""


@dataclass(frozen=True, slots=True)
class StageClock:
    """A clock that runs, is paused or has finished; each operation gives a new one.

    It holds what a table's columns hold. A calendar that changes meanwhile does not move the
    deadline that was promised. Moments before the one that an operation builds on, as a clock
    gives that was set back, count as that one. Moments are kept in UTC.

    Attributes:
        limit: What it was started with.
        allowed_seconds: The limit and all that was added to it, in the unit's own time.
        started_at: When it started.
        yellow_at: When its light turns from green to yellow unless it is paused.
        due_at: When the limit is used up unless it is paused. Later is over, even where no work
            is done until later still: a deadline at noon is missed at half past.
        paused_at: Since when it stands still, or None.
        finished_at: When it finished, or None.

    Raises:
        ClockError: A moment has no time zone, or the moments contradict each other.
    """

    limit: TimeLimit
    allowed_seconds: float
    started_at: datetime
    yellow_at: datetime
    due_at: datetime
    paused_at: datetime | None = None
    finished_at: datetime | None = None

    def __post_init__(self) -> None:
        for name in ("started_at", "yellow_at", "due_at", "paused_at", "finished_at"):
            moment = getattr(self, name)
            if moment is not None:
                object.__setattr__(self, name, in_utc(moment))
        stopped_at = self.paused_at or self.finished_at or self.started_at
        if not (
            self.allowed_seconds > 0
            and self.started_at <= self.yellow_at <= self.due_at
            and self.started_at <= stopped_at
            and (self.paused_at is None or self.finished_at is None)
        ):
            raise ClockError(
                f"{self} contradicts itself: a limit is more than 0, a clock starts before it "
                "turns yellow and before it is due, and is not paused once it has finished"
            )

    @classmethod
    def start(cls, limit: TimeLimit, moment: datetime, calendar: WorkingCalendar) -> Self:
        """Start a clock.

        Raises:
            ClockError: The moment has no time zone, or the deadline cannot be counted.
        """
        seconds = limit_seconds(limit, calendar)
        return cls(
            limit=limit,
            allowed_seconds=seconds,
            started_at=moment,
            yellow_at=moment_after(moment, GREEN_SHARE * seconds, limit.unit, calendar),
            due_at=moment_after(moment, seconds, limit.unit, calendar),
        )

    @property
    def is_running(self) -> bool:
        """Whether it is neither paused nor finished."""
        return self.paused_at is None and self.finished_at is None

    def pause(self, moment: datetime) -> Self:
        """Let it stand still.

        Raises:
            ClockError: It is paused or has finished.
        """
        self._refuse_unless_running("pause")
        return replace(self, paused_at=self._standing_at(moment))

    def resume(self, moment: datetime, calendar: WorkingCalendar) -> Self:
        """Let it go on; what it stood still of its unit's own time moves the deadline.

        Raises:
            ClockError: It is not paused.
        """
        if self.paused_at is None:
            raise ClockError(f"cannot resume {self}: only a paused clock can be resumed; pause it")
        resumed_at = max(in_utc(moment), self.paused_at)
        return replace(
            self,
            yellow_at=self._moved(self.yellow_at, resumed_at, calendar),
            due_at=self._moved(self.due_at, resumed_at, calendar),
            paused_at=None,
        )

    def extend(self, limit: TimeLimit, calendar: WorkingCalendar) -> Self:
        """Add a limit to the current deadline, as for an approved delay.

        Raises:
            ClockError: It has finished, or its limit counts another time than the added one.
        """
        if self.finished_at is not None:
            raise ClockError(f"cannot extend {self}: reopen it first")
        if limit.unit.is_continuous != self.limit.unit.is_continuous:
            raise ClockError(
                f"cannot extend {self} by {limit}: one counts day and night, the other working "
                "time; give an extension that counts as the limit does"
            )
        unit, seconds = self.limit.unit, limit_seconds(limit, calendar)
        return replace(
            self,
            allowed_seconds=self.allowed_seconds + seconds,
            yellow_at=moment_after(self.yellow_at, GREEN_SHARE * seconds, unit, calendar),
            due_at=moment_after(self.due_at, seconds, unit, calendar),
        )

    def finish(self, moment: datetime, calendar: WorkingCalendar) -> Self:
        """Stop it for good; where it is paused, the pause does not count.

        Raises:
            ClockError: It has finished before.
        """
        if self.paused_at is not None:
            return self.resume(moment, calendar).finish(
                max(in_utc(moment), self.paused_at), calendar
            )
        self._refuse_unless_running("finish")
        return replace(self, finished_at=self._standing_at(moment))

    def reopen(self, moment: datetime, calendar: WorkingCalendar) -> Self:
        """Let a finished one go on, as for rework; the time since it finished does not count.

        Raises:
            ClockError: It has not finished.
        """
        if self.finished_at is None:
            raise ClockError(f"cannot reopen {self}: only a finished clock can; it is still open")
        paused = replace(self, finished_at=None, paused_at=self.finished_at)
        return paused.resume(moment, calendar)

    def light(self, moment: datetime) -> Light:
        """Return how it stands; while it is paused or finished, as when it stopped.

        Raises:
            ClockError: The moment has no time zone, or lies outside the years that are counted.
        """
        now = self._standing_at(moment)
        if now <= self.yellow_at:
            return Light.GREEN
        return Light.YELLOW if now <= self.due_at else Light.RED

    def remaining_seconds(self, moment: datetime, calendar: WorkingCalendar) -> float:
        """Return what is left of the limit in its unit's own time; below 0 once it is over.

        Raises:
            ClockError: The moment has no time zone, or lies outside the years that are counted.
        """
        now, unit = self._standing_at(moment), self.limit.unit
        if now <= self.due_at:
            return elapsed(now, self.due_at, unit, calendar)
        return -elapsed(self.due_at, now, unit, calendar)

    def used_seconds(self, moment: datetime, calendar: WorkingCalendar) -> float:
        """Return what is used of the limit in its unit's own time, pauses left out.

        Raises:
            ClockError: The moment has no time zone, or lies outside the years that are counted.
        """
        return max(0.0, self.allowed_seconds - self.remaining_seconds(moment, calendar))

    def used_share(self, moment: datetime, calendar: WorkingCalendar) -> float:
        """Return the used share of the limit: 1 at the deadline, more once it is over.

        Raises:
            ClockError: The moment has no time zone, or lies outside the years that are counted.
        """
        return self.used_seconds(moment, calendar) / self.allowed_seconds

    def __str__(self) -> str:
        state = "running"
        if self.paused_at is not None:
            state = f"paused since {self.paused_at.isoformat()}"
        if self.finished_at is not None:
            state = f"finished at {self.finished_at.isoformat()}"
        return f"the clock of {self.limit} started at {self.started_at.isoformat()}, {state}"

    def _standing_at(self, moment: datetime) -> datetime:
        """The moment that its hands show when it is this moment."""
        return self.finished_at or self.paused_at or max(in_utc(moment), self.started_at)

    def _refuse_unless_running(self, operation: str) -> None:
        if self.paused_at is not None:
            raise ClockError(f"cannot {operation} {self}: resume it first")
        if self.finished_at is not None:
            raise ClockError(f"cannot {operation} {self}: reopen it first")

    def _moved(self, mark: datetime, resumed_at: datetime, calendar: WorkingCalendar) -> datetime:
        """Where a mark lies after the pause: on the same side of now as before.

        Outside working hours many moments are the same working time, so that the shifted mark
        alone might fall on the other side.
        """
        paused_at = self.paused_at or resumed_at
        unit = self.limit.unit
        moved = moment_after(mark, elapsed(paused_at, resumed_at, unit, calendar), unit, calendar)
        if mark < paused_at:
            return min(moved, resumed_at - MICROSECOND)
        return max(moved, resumed_at)
