"""Which events a case is about: an event belongs to one case, a case has one or more."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from api.cases.case import Case
from api.database.case_tables import case_changes, case_events, cases


async def join_event(
    connection: AsyncConnection, case: Case, event_id: str, joined_by: str, now: datetime
) -> bool:
    """Let an event belong to a case; False if it belongs to one already."""
    statement = (
        insert(case_events)
        .values(event_id=event_id, case_id=case.case_id, joined_by=joined_by, joined_at=now)
        .on_conflict_do_nothing()
        .returning(case_events.c.event_id)
    )
    joined = (await connection.execute(statement)).one_or_none() is not None
    if joined:
        await _count(connection, case.case_id)
    return joined


async def move_events(connection: AsyncConnection, from_id: str, to_id: str) -> None:
    """Let all events of one case belong to another."""
    moved = update(case_events).where(case_events.c.case_id == from_id).values(case_id=to_id)
    await connection.execute(moved)
    await _count(connection, to_id)


async def note_cleared(
    connection: AsyncConnection, event_id: str, cleared_at: datetime | None
) -> str | None:
    """Keep whether an event stands; return the case that it belongs to, or None."""
    statement = (
        update(case_events)
        .where(case_events.c.event_id == event_id)
        .values(cleared_at=cleared_at)
        .returning(case_events.c.case_id)
    )
    case_id: str | None = (await connection.execute(statement)).scalar_one_or_none()
    return case_id


async def event_ids(connection: AsyncConnection, case_id: str) -> Sequence[str]:
    """Return the events of a case, by their ids, which sort by time."""
    statement = (
        select(case_events.c.event_id)
        .where(case_events.c.case_id == case_id)
        .order_by(case_events.c.event_id)
    )
    return (await connection.execute(statement)).scalars().all()


async def _count(connection: AsyncConnection, case_id: str) -> None:
    several = (
        select(func.count())
        .select_from(case_events)
        .where(case_events.c.case_id == case_id)
        .scalar_subquery()
    )
    statement = update(cases).where(cases.c.case_id == case_id)
    await connection.execute(
        statement.values(event_count=several, change=case_changes.next_value())
    )
