"""Makes messages of what is recorded of cases: each record once, in order."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from sqlalchemy import Row, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from api.cases.case import Case
from api.cases.case_reader import CaseReader
from api.contract.cases import CaseDocument
from api.database.case_tables import case_flow, cases
from api.database.database import Database
from api.database.webhook_tables import webhook_deliveries
from api.webhooks.case_event import case_event
from api.webhooks.event_kinds import kind_of
from api.webhooks.flow_position import (
    FlowMark,
    is_settled,
    move_to,
    position_of,
    take_mark,
)
from api.webhooks.listener import Listener, read_listeners, unit_paths
from streams.kit.owned_task import OwnedTask

log = structlog.get_logger(__name__)

# Number of PostgreSQL's advisory lock that lets one node at a time make messages.
READER_LOCK = 4_701_018
PAUSE_SECONDS = 0.5
RECORDS_PER_TRANSACTION = 200
DISPATCH = "dispatch"


class FlowReader(OwnedTask):
    """Follows the records of cases; one task, which this object owns: use ``async with``.

    Where it is stands in the database, in the same transaction as the messages: after a crash it
    goes on there, and of several nodes one reads at a time.

    Args:
        database: Where the records are.
        reader: Writes cases as the API gives them out.
        source: What the district is called in messages.
        on_messages: Called when there are new ones.
    """

    task_name = "webhook-reader"

    def __init__(
        self,
        database: Database,
        reader: CaseReader,
        source: str,
        on_messages: Callable[[], None],
    ) -> None:
        self._database = database
        self._reader = reader
        self._source = source
        self._on_messages = on_messages
        self._mark: FlowMark | None = None

    async def _run(self) -> None:
        while True:
            try:
                while await self.look():
                    pass
            except (SQLAlchemyError, OSError) as error:
                log.warning("webhook_reader_paused", error=str(error).splitlines()[:1])
            await asyncio.sleep(PAUSE_SECONDS)

    async def look(self) -> bool:
        """Go one step on; say whether there may be more to do at once."""
        async with self._database.writing() as connection:
            free = select(func.pg_try_advisory_xact_lock(READER_LOCK))
            if not (await connection.execute(free)).scalar_one():
                return False
            position = await position_of(connection)
            if position is None:
                return False
            if self._mark is None or self._mark.flow_id <= position:
                self._mark = await take_mark(connection, position)
                return self._mark is not None
            if not await is_settled(connection, self._mark):
                return False
            queued = await self._read(connection, position, self._mark)
        if queued:
            self._on_messages()
        return True

    async def _read(self, connection: AsyncConnection, position: int, mark: FlowMark) -> int:
        """Make messages of the next records up to a mark, and return how many were made."""
        listeners = await read_listeners(connection)
        if not listeners:
            await move_to(connection, mark.flow_id)
            return 0
        steps = await _steps(connection, position, mark)
        rows = await self._messages(connection, steps, listeners)
        if rows:
            await connection.execute(insert(webhook_deliveries).on_conflict_do_nothing(), rows)
        is_whole = len(steps) < RECORDS_PER_TRANSACTION
        await move_to(connection, mark.flow_id if is_whole else steps[-1].flow_id)
        return len(rows)

    async def _messages(
        self,
        connection: AsyncConnection,
        steps: Sequence[Row[Any]],
        listeners: Sequence[Listener],
    ) -> list[dict[str, Any]]:
        documents = await self._documents(connection, steps)
        departments = await _departments(connection, steps)
        rows: list[dict[str, Any]] = []
        for step in steps:
            case = documents.get(step.case_id)
            kind, path = kind_of(step.action), departments.get(step.flow_id)
            hearing = [one for one in listeners if one.wants(step.flow_id, kind, path)]
            if case is None or not hearing:
                continue
            event = case_event(step, case, self._source).model_dump(mode="json")
            rows += [
                {
                    "webhook_id": listener.webhook_id,
                    "flow_id": step.flow_id,
                    "case_id": step.case_id,
                    "event": event,
                }
                for listener in hearing
            ]
        return rows

    async def _documents(
        self, connection: AsyncConnection, steps: Sequence[Row[Any]]
    ) -> Mapping[str, CaseDocument]:
        wanted = sorted({step.case_id for step in steps})
        rows = await connection.execute(select(cases).where(cases.c.case_id.in_(wanted)))
        found = [Case.of(dict(row)) for row in rows.mappings()]
        return {case.case_id: self._reader.document(case) for case in found}


async def _steps(connection: AsyncConnection, position: int, mark: FlowMark) -> Sequence[Row[Any]]:
    statement = (
        select(case_flow)
        .where(case_flow.c.flow_id > position, case_flow.c.flow_id <= mark.flow_id)
        .order_by(case_flow.c.flow_id)
        .limit(RECORDS_PER_TRANSACTION)
    )
    return (await connection.execute(statement)).all()


async def _departments(connection: AsyncConnection, steps: Sequence[Row[Any]]) -> Mapping[int, str]:
    """Path of the department that had the case at each step, by the step's number.

    The last dispatch up to a step says which it was; the case itself may be elsewhere by now.
    """
    flow = case_flow.c
    statement = (
        select(flow.case_id, flow.flow_id, flow.details["department_id"].astext)
        .where(flow.case_id.in_(sorted({step.case_id for step in steps})))
        .where(flow.action == DISPATCH)
        .order_by(flow.flow_id)
    )
    dispatches = (await connection.execute(statement)).all()
    paths = await unit_paths(connection, (unit_id for _, _, unit_id in dispatches if unit_id))
    found: dict[int, str] = {}
    for step in steps:
        had = [
            unit_id
            for case_id, flow_id, unit_id in dispatches
            if case_id == step.case_id and flow_id <= step.flow_id
        ]
        if had and had[-1] in paths:
            found[step.flow_id] = paths[had[-1]]
    return found
