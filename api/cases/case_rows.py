"""Cases between their values and the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from api.cases.case import Case
from api.cases.case_clocks import CaseClocks, write_clocks
from api.cases.flow import FlowEntry, flow_row, record
from api.contract.case_pictures import CasePicture, ReportPicture
from api.database.case_tables import case_changes, case_pictures, cases
from api.database.tables import evidence


async def locked_case(connection: AsyncConnection, case_id: str) -> Case | None:
    """Return a case, locked until the transaction ends; None if there is none."""
    statement = select(cases).where(cases.c.case_id == case_id).with_for_update()
    row = (await connection.execute(statement)).mappings().one_or_none()
    return None if row is None else Case.of(dict(row))


async def read_case(connection: AsyncConnection, case_id: str) -> Case | None:
    """Return a case, or None."""
    statement = select(cases).where(cases.c.case_id == case_id)
    row = (await connection.execute(statement)).mappings().one_or_none()
    return None if row is None else Case.of(dict(row))


async def write_case(connection: AsyncConnection, before: Case, after: Case) -> None:
    """Write what a case has that it had not before."""
    old, new = before.row(), after.row()
    changed = {name: value for name, value in new.items() if value != old[name]}
    statement = update(cases).where(cases.c.case_id == before.case_id)
    await connection.execute(statement.values(**changed, change=case_changes.next_value()))


async def write_step(
    connection: AsyncConnection,
    before: Case,
    after: Case,
    clocks: CaseClocks,
    entry: FlowEntry,
) -> None:
    """Write a case after a step, its clocks and the record of the step."""
    await write_case(connection, before, after)
    await write_clocks(connection, clocks.changed_rows(after.case_id))
    await record(connection, [flow_row(after, entry)])


async def missing_pictures(
    connection: AsyncConnection, pictures: Sequence[CasePicture]
) -> list[str]:
    """Return the hashes of those that are not kept; the others stay until the transaction ends."""
    wanted = {picture.sha256 for picture in pictures}
    if not wanted:
        return []
    found = await connection.execute(
        select(evidence.c.sha256)
        .where(evidence.c.sha256.in_(sorted(wanted)), evidence.c.deletion.is_(None))
        .with_for_update(read=True)
    )
    return sorted(wanted - set(found.scalars()))


async def add_pictures(
    connection: AsyncConnection, case: Case, pictures: Sequence[CasePicture], added_by: str
) -> None:
    """Make pictures belong to a case; those that do already stay as they are."""
    if not pictures:
        return
    rows: list[dict[str, Any]] = [
        {
            "case_id": case.case_id,
            "sha256": picture.sha256,
            "kind": picture.kind.value,
            "added_by": added_by,
            "added_at": case.updated_at,
            "taken_from": _taken_from(picture),
        }
        for picture in pictures
    ]
    await connection.execute(insert(case_pictures).on_conflict_do_nothing(), rows)


def _taken_from(picture: CasePicture) -> dict[str, Any] | None:
    taken = picture.taken_from if isinstance(picture, ReportPicture) else None
    return None if taken is None else taken.model_dump(mode="json")


async def picture_kinds(connection: AsyncConnection, case_id: str) -> frozenset[str]:
    """Return the kinds of pictures that a case has."""
    statement = select(case_pictures.c.kind).where(case_pictures.c.case_id == case_id).distinct()
    return frozenset((await connection.execute(statement)).scalars())
