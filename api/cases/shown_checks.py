"""What cameras saw after the handling, for whoever reads a case: before and after."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.cases.repair_check_rows import checks_of
from api.contract.events import EvidenceKind
from api.contract.repair_checks import ShownRepairCheck
from api.database.tables import events

# The picture that says most beside one of the same view: the whole, with what was seen marked.
_BEFORE = (EvidenceKind.ANNOTATED.value, EvidenceKind.FRAME.value, EvidenceKind.CROP.value)


async def shown_checks(connection: AsyncConnection, case_id: str) -> list[ShownRepairCheck]:
    """Return the checks of a case, oldest first."""
    checks = await checks_of(connection, case_id)
    before = await _before(connection, [check.event_id for check in checks])
    return [
        ShownRepairCheck(
            event_id=check.event_id,
            camera_id=check.camera_id,
            status=check.status,
            asked_at=check.asked_at,
            ends_at=check.ends_at,
            wanted_looks=check.wanted_looks,
            absent_looks=check.absent_looks,
            last_look_at=check.last_look_at,
            last_seen=check.last_seen,
            before=before.get(check.event_id),
            after=check.picture,
            faults=check.faults,
        )
        for check in checks
    ]


async def _before(connection: AsyncConnection, event_ids: Sequence[str]) -> Mapping[str, str]:
    if not event_ids:
        return {}
    statement = select(events.c.event_id, events.c.evidence).where(events.c.event_id.in_(event_ids))
    found: dict[str, str] = {}
    for event_id, evidence in (await connection.execute(statement)).all():
        for kind in _BEFORE:
            named = [one["sha256"] for one in evidence if one["kind"] == kind]
            if named:
                found[event_id] = named[0]
                break
    return found
