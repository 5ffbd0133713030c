"""Watches the clocks: tells when a light turns, takes up what was put off, ends what is over."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from api.accounts.actor import SYSTEM
from api.cases.case import Case
from api.cases.case_ground import CaseGround
from api.cases.case_rows import locked_case
from api.cases.case_transitions import CaseTransitions
from api.cases.flow import FlowEntry, flow_row, record
from api.cases.repair_check_rows import check_with_id, unanswerable, write_check
from api.contract.case_words import CaseState, FlowKind, Light
from api.contract.cases import CaseAction
from api.contract.repair_checks import RepairCheckStatus
from api.database.case_tables import case_changes, cases
from streams.kit.owned_task import OwnedTask

log = structlog.get_logger(__name__)

# Number of PostgreSQL's advisory lock that lets one node at a time watch.
WATCH_LOCK = 4_701_005
PAUSE_SECONDS = 5.0
SIMULATED_PAUSE_SECONDS = 0.1
CASES_PER_TRANSACTION = 200
TURNED = "light_turned"
"""Action of the records that a light's turning leaves; nobody does it."""


class CaseWatch(OwnedTask):
    """Looks every few seconds; one task, which this object owns: use it in ``async with``."""

    task_name = "case-watch"

    def __init__(self, ground: CaseGround, transitions: CaseTransitions) -> None:
        self._ground = ground
        self._transitions = transitions

    async def _run(self) -> None:
        pause = SIMULATED_PAUSE_SECONDS if self._ground.time.is_simulated else PAUSE_SECONDS
        while True:
            try:
                while await self.look():
                    pass
            except (SQLAlchemyError, OSError) as error:
                log.warning("case_watch_paused", error=str(error).splitlines()[:1])
            await asyncio.sleep(pause)

    async def look(self) -> bool:
        """Do what has become due; say whether there may be more."""
        now = self._ground.time.now()
        async with self._ground.database.writing() as connection:
            free = select(func.pg_try_advisory_xact_lock(WATCH_LOCK))
            if not (await connection.execute(free)).scalar_one():
                return False
            turned = await self._turn(connection, now)
            resumed = await self._resume(connection, now)
            ended = await self._end_checks(connection, now)
        return CASES_PER_TRANSACTION in {turned, resumed, ended}

    async def _turn(self, connection: AsyncConnection, now: datetime) -> int:
        turned = or_(
            (cases.c.lights_told == 0) & (cases.c.yellow_at < now),
            (cases.c.lights_told < 2) & (cases.c.due_at < now),
        )
        statement = (
            select(cases)
            .where(turned)
            .limit(CASES_PER_TRANSACTION)
            .with_for_update(skip_locked=True)
        )
        rows = (await connection.execute(statement)).mappings().all()
        found = [Case.of(dict(row)) for row in rows]
        if not found:
            return 0
        await record(connection, [_turned(case, now) for case in found])
        for case in found:
            told = 2 if _light(case, now) is Light.RED else 1
            await connection.execute(
                update(cases)
                .where(cases.c.case_id == case.case_id)
                .values(lights_told=told, change=case_changes.next_value())
            )
        return len(found)

    async def _resume(self, connection: AsyncConnection, now: datetime) -> int:
        statement = (
            select(cases.c.case_id)
            .where(cases.c.suspended_until <= now, cases.c.state == CaseState.SUSPENDED.value)
            .limit(CASES_PER_TRANSACTION)
        )
        due: Sequence[Row[Any]] = (await connection.execute(statement)).all()
        for row in due:
            case = await locked_case(connection, row.case_id)
            if case is not None and case.state is CaseState.SUSPENDED:
                asked = CaseAction(reason="the time for which it was put off is over")
                await self._transitions.perform_by_rule(connection, case, "resume", asked)
        return len(due)

    async def _end_checks(self, connection: AsyncConnection, now: datetime) -> int:
        """End what cameras did not answer in time, or are not there to answer."""
        due = await unanswerable(connection, now, CASES_PER_TRANSACTION)
        for check in due:
            case = await locked_case(connection, check.case_id)
            # A look may have come while the case was waited for.
            latest = await check_with_id(connection, check.check_id)
            if latest is None or latest.status is not RepairCheckStatus.OPEN:
                continue
            await write_check(connection, latest.ended(check.ended_because))
            if case is not None and case.is_open:
                await self._transitions.repairs.tell(connection, case)
        return len(due)


def _light(case: Case, now: datetime) -> Light:
    return Light.RED if case.due_at is not None and case.due_at < now else Light.YELLOW


def _turned(case: Case, now: datetime) -> dict[str, Any]:
    light = _light(case, now)
    stage = "" if case.clock_stage is None else case.clock_stage.value
    details = {"light": light.value, "stage": stage}
    entry = FlowEntry(TURNED, FlowKind.NOTE, case.state, SYSTEM.name, None, "", details)
    # Not before the step before it, where a clock was set back.
    return {**flow_row(case, entry), "at": max(now, case.updated_at)}
