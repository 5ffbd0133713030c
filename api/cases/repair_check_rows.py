"""Checks of spots between their values and the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from api.cases.repair_check import EndedBecause, RepairCheckRow
from api.contract.repair_checks import RepairCheckStatus, RepairLook
from api.database.case_tables import case_events
from api.database.repair_tables import repair_checks, repair_looks
from api.database.tables import cameras, events

# A case of many events asks for the latest: looks cost a camera's time.
MOST_CHECKS = 20


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """An event and the camera that saw it."""

    event_id: str
    camera_id: str


async def seen_by(connection: AsyncConnection, case_id: str) -> list[SeenEvent]:
    """Return which events of a case are to be looked for.

    Those that stand, and the latest of each camera: what has cleared may have come back unseen.
    """
    rank = func.row_number().over(
        partition_by=events.c.camera_id, order_by=events.c.event_id.desc()
    )
    ranked = (
        select(events.c.event_id, events.c.camera_id, events.c.cleared_at, rank.label("rank"))
        .join(case_events, case_events.c.event_id == events.c.event_id)
        .where(case_events.c.case_id == case_id)
        .subquery()
    )
    statement = (
        select(ranked.c.event_id, ranked.c.camera_id)
        .where(or_(ranked.c.rank == 1, ranked.c.cleared_at.is_(None)))
        .order_by(ranked.c.event_id.desc())
        .limit(MOST_CHECKS)
    )
    return [SeenEvent(row.event_id, row.camera_id) for row in await connection.execute(statement)]


async def add_checks(connection: AsyncConnection, checks: Sequence[RepairCheckRow]) -> None:
    """Keep new checks."""
    if checks:
        await connection.execute(repair_checks.insert(), [check.row() for check in checks])


async def checks_of(
    connection: AsyncConnection, case_id: str, asked_since: datetime | None = None
) -> list[RepairCheckRow]:
    """Return the checks of a case, oldest first; those asked for since a moment only."""
    statement = select(repair_checks).where(repair_checks.c.case_id == case_id)
    if asked_since is not None:
        statement = statement.where(repair_checks.c.asked_at >= asked_since)
    rows = await connection.execute(statement.order_by(repair_checks.c.check_id))
    return [RepairCheckRow.of(dict(row)) for row in rows.mappings()]


async def check_with_id(connection: AsyncConnection, check_id: str) -> RepairCheckRow | None:
    """Return a check, or None."""
    statement = select(repair_checks).where(repair_checks.c.check_id == check_id)
    row = (await connection.execute(statement)).mappings().one_or_none()
    return None if row is None else RepairCheckRow.of(dict(row))


async def write_check(connection: AsyncConnection, check: RepairCheckRow) -> None:
    """Write a check as it is now."""
    statement = update(repair_checks).where(repair_checks.c.check_id == check.check_id)
    await connection.execute(statement.values(check.row()))


async def add_look(
    connection: AsyncConnection, check_id: str, look: RepairLook, posted_by: str
) -> None:
    """Keep a look; one that was kept before stays as it is."""
    row = {"check_id": check_id, **look.model_dump(), "posted_by": posted_by}
    row["seen"] = look.seen.value
    await connection.execute(insert(repair_looks).values(row).on_conflict_do_nothing())


async def end_checks(connection: AsyncConnection, case_id: str) -> None:
    """End the open checks of a case that went on without them."""
    statement = (
        update(repair_checks)
        .where(
            repair_checks.c.case_id == case_id,
            repair_checks.c.status == RepairCheckStatus.OPEN.value,
        )
        .values(status=RepairCheckStatus.ENDED.value, ended_because=EndedBecause.OVER.value)
    )
    await connection.execute(statement)


async def unanswerable(
    connection: AsyncConnection, now: datetime, most: int
) -> list[RepairCheckRow]:
    """Return open checks whose time is over, or whose camera is there no more, as ended."""
    known = select(cameras.c.camera_id).where(cameras.c.camera_id == repair_checks.c.camera_id)
    statement = (
        select(repair_checks, known.exists().label("is_there"))
        .where(
            repair_checks.c.status == RepairCheckStatus.OPEN.value,
            or_(repair_checks.c.ends_at < now, ~known.exists()),
        )
        .limit(most)
    )
    rows = (await connection.execute(statement)).mappings().all()
    found = [(RepairCheckRow.of(dict(row)), row["is_there"]) for row in rows]
    return [
        check.ended(check.is_overdue_because if is_there else EndedBecause.REMOVED)
        for check, is_there in found
    ]
