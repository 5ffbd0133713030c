"""The record of what was done with cases: it only grows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.cases.case import Case
from api.contract.case_words import CaseState, FlowKind
from api.database.case_tables import case_flow


@dataclass(frozen=True, slots=True)
class FlowEntry:
    """One step to be recorded.

    Attributes:
        action: What was done.
        kind: How it is filed.
        from_state: State before; None for the report.
        actor: Who did it.
        unit_id: Where they belong.
        reason: Why.
        details: What else was said, as JSON.
    """

    action: str
    kind: FlowKind
    from_state: CaseState | None
    actor: str
    unit_id: str | None
    reason: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LastStep:
    """What was done last with a case.

    Attributes:
        action: What.
        who: By whom.
        at: When.
    """

    action: str
    who: str
    at: datetime

    @property
    def words(self) -> dict[str, object]:
        """What a reason says of it."""
        at = self.at.isoformat(timespec="seconds")
        return {"action": self.action, "who": self.who, "at": at}


def flow_row(case: Case, entry: FlowEntry) -> dict[str, Any]:
    """Return the row that records a step which led to a case as it is now."""
    return {
        "case_id": case.case_id,
        "round": case.round,
        "action": entry.action,
        "kind": entry.kind.value,
        "from_state": None if entry.from_state is None else entry.from_state.value,
        "to_state": case.state.value,
        "actor": entry.actor,
        "unit_id": entry.unit_id,
        "reason": entry.reason,
        "details": dict(entry.details),
        "at": case.updated_at,
    }


async def record(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows of ``flow_row``."""
    await connection.execute(case_flow.insert(), list(rows))


async def last_step(connection: AsyncConnection, case_id: str) -> LastStep:
    """Return what was done last, by whom and when."""
    statement = (
        select(case_flow.c.action, case_flow.c.actor, case_flow.c.at)
        .where(case_flow.c.case_id == case_id)
        .order_by(case_flow.c.flow_id.desc())
        .limit(1)
    )
    row = (await connection.execute(statement)).one()
    return LastStep(row.action, row.actor, row.at)


async def own_actions(connection: AsyncConnection, case_id: str, actor: str) -> frozenset[str]:
    """Return what somebody has done with a case."""
    statement = (
        select(case_flow.c.action)
        .where(case_flow.c.case_id == case_id, case_flow.c.actor == actor)
        .distinct()
    )
    return frozenset((await connection.execute(statement)).scalars())


async def read_flow(connection: AsyncConnection, case_id: str) -> Sequence[Row[Any]]:
    """Return the rows of a case, oldest first."""
    statement = (
        select(case_flow).where(case_flow.c.case_id == case_id).order_by(case_flow.c.flow_id)
    )
    return (await connection.execute(statement)).all()
