"""The clocks of one case: at most one of each stage is open at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from api.clocks.stage_clock import StageClock
from api.clocks.time_limit import TimeLimit, TimeUnit
from api.clocks.working_calendar import WorkingCalendar
from api.contract.case_words import Stage
from api.database.case_tables import case_clocks


@dataclass(frozen=True, slots=True)
class StagedClock:
    """A clock and what it is the clock of.

    Attributes:
        number: Counts within the case.
        stage: The stage that it times.
        department_id: Whose handling it times, for the stage ``handle``.
        clock: The clock itself.
    """

    number: int
    stage: Stage
    department_id: str | None
    clock: StageClock

    @property
    def is_open(self) -> bool:
        """Whether it runs or is paused."""
        return self.clock.finished_at is None


class CaseClocks:
    """The clocks of a case while something is done with it.

    Args:
        clocks: Those it has had so far, in order.
        calendar: The city's calendar.
        now: The moment at which something is done.
    """

    def __init__(
        self, clocks: Sequence[StagedClock], calendar: WorkingCalendar, now: datetime
    ) -> None:
        self._clocks = list(clocks)
        self._before = {one.number: one for one in clocks}
        self._calendar = calendar
        self._now = now

    def open_clock(self, stage: Stage) -> StagedClock | None:
        """The clock of a stage that runs or is paused."""
        return next((one for one in self._clocks if one.stage is stage and one.is_open), None)

    def last(self, stage: Stage) -> StagedClock | None:
        """The newest clock of a stage."""
        return next((one for one in reversed(self._clocks) if one.stage is stage), None)

    def running(self) -> StagedClock | None:
        """The clock that runs: the one that is due first, of several."""
        found = [one for one in self._clocks if one.clock.is_running]
        return min(found, key=lambda one: one.clock.due_at, default=None)

    def start(self, stage: Stage, limit: TimeLimit, department_id: str | None) -> None:
        """Start a new clock of a stage; one that is open still has finished by that."""
        self.finish(stage)
        clock = StageClock.start(limit, self._now, self._calendar)
        number = self._clocks[-1].number + 1 if self._clocks else 1
        self._clocks.append(StagedClock(number, stage, department_id, clock))

    def finish(self, stage: Stage) -> None:
        """Finish the open clock of a stage, if there is one."""
        found = self.open_clock(stage)
        if found is not None:
            self._put(found, found.clock.finish(self._now, self._calendar))

    def finish_all(self) -> None:
        """Finish every open clock."""
        for stage in Stage:
            self.finish(stage)

    def pause(self, stage: Stage) -> None:
        """Let the running clock of a stage stand still, if there is one."""
        found = self.open_clock(stage)
        if found is not None and found.clock.is_running:
            self._put(found, found.clock.pause(self._now))

    def resume(self, stage: Stage) -> None:
        """Let the paused clock of a stage go on, if there is one."""
        found = self.open_clock(stage)
        if found is not None and not found.clock.is_running:
            self._put(found, found.clock.resume(self._now, self._calendar))

    def extend(self, stage: Stage) -> None:
        """Add its limit once more to the open clock of a stage, if there is one."""
        found = self.open_clock(stage)
        if found is not None:
            self._put(found, found.clock.extend(found.clock.limit, self._calendar))

    def hand_over(self, stage: Stage, limit: TimeLimit, department_id: str) -> None:
        """Let a department's paused clock go on; another department gets a new one."""
        found = self.open_clock(stage)
        if found is not None and found.department_id == department_id:
            self.resume(stage)
        else:
            self.start(stage, limit, department_id)

    def changed_rows(self, case_id: str) -> list[dict[str, Any]]:
        """Return the rows of ``case_clocks`` that are new or other than before."""
        changed = [one for one in self._clocks if self._before.get(one.number) != one]
        return [_row(case_id, one, self._calendar) for one in changed]

    def _put(self, old: StagedClock, clock: StageClock) -> None:
        self._clocks[self._clocks.index(old)] = replace(old, clock=clock)


async def read_clocks(connection: AsyncConnection, case_id: str) -> list[StagedClock]:
    """Return the clocks of a case in order."""
    statement = (
        select(case_clocks).where(case_clocks.c.case_id == case_id).order_by(case_clocks.c.number)
    )
    return [_clock(row) for row in await connection.execute(statement)]


async def write_clocks(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows that ``changed_rows`` gave."""
    if not rows:
        return
    statement = insert(case_clocks)
    key = {"case_id", "number"}
    statement = statement.on_conflict_do_update(
        index_elements=sorted(key),
        set_={name: statement.excluded[name] for name in rows[0] if name not in key},
    )
    await connection.execute(statement, list(rows))


def _clock(row: Row[Any]) -> StagedClock:
    return StagedClock(
        row.number,
        Stage(row.stage),
        row.department_id,
        StageClock(
            limit=TimeLimit(row.limit_amount, TimeUnit(row.limit_unit)),
            allowed_seconds=row.allowed_seconds,
            started_at=row.started_at,
            yellow_at=row.yellow_at,
            due_at=row.due_at,
            paused_at=row.paused_at,
            finished_at=row.finished_at,
        ),
    )


def _row(case_id: str, one: StagedClock, calendar: WorkingCalendar) -> dict[str, Any]:
    clock = one.clock
    finished_at = clock.finished_at
    used = None if finished_at is None else clock.used_seconds(finished_at, calendar)
    return {
        "case_id": case_id,
        "number": one.number,
        "stage": one.stage.value,
        "department_id": one.department_id,
        "limit_amount": clock.limit.amount,
        "limit_unit": clock.limit.unit.value,
        "allowed_seconds": clock.allowed_seconds,
        "started_at": clock.started_at,
        "yellow_at": clock.yellow_at,
        "due_at": clock.due_at,
        "paused_at": clock.paused_at,
        "finished_at": finished_at,
        "used_seconds": used,
    }
