"""What people said of events: kept with what the model had said, for those who label."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.accounts.actor import Actor
from api.cases.case_errors import UnknownCaseError
from api.cases.case_ground import CaseGround
from api.cases.why_not import why_not
from api.contract.cases import CaseAction
from api.contract.events import EvidenceKind
from api.contract.verdicts import GivenVerdict, Verdict, VerdictKind, VerdictPage
from api.database.case_tables import case_events, verdicts
from api.database.tables import events
from api.grids.ground_reach import ground_reach

# What a person looks at first.
_JUDGED = (EvidenceKind.FRAME, EvidenceKind.ANNOTATED, EvidenceKind.CROP)
# What a step of a case says of the events that it is about.
_SAID_BY_ACTION = {
    "register": VerdictKind.TRUE,
    "merge": VerdictKind.DUPLICATE,
}


class VerdictStore:
    """Keeps verdicts, and gives them out."""

    def __init__(self, ground: CaseGround) -> None:
        self._ground = ground

    async def give(self, event_id: str, verdict: Verdict, actor: Actor) -> GivenVerdict:
        """Keep what somebody says of an event; what they said before stays, too.

        Raises:
            UnknownCaseError: There is no such event for this actor.
        """
        async with self._ground.database.writing() as connection:
            ground = await ground_reach(connection, actor.unit_id)
            theirs = select(events.c.event_id).where(
                events.c.event_id == event_id, ground.condition(events.c.unit_grid)
            )
            if (await connection.execute(theirs)).one_or_none() is None:
                raise UnknownCaseError(why_not("no_event", event=event_id))
            row = await self._keep(connection, event_id, verdict, actor)
        if row is None:
            raise UnknownCaseError(why_not("no_event", event=event_id))
        return _given(row)

    async def give_for_case(
        self, case_id: str, verdict: Verdict, actor: Actor
    ) -> tuple[GivenVerdict, ...]:
        """Keep what a step of a case says of each of its events."""
        statement = select(case_events.c.event_id).where(case_events.c.case_id == case_id)
        async with self._ground.database.writing() as connection:
            ids = (await connection.execute(statement)).scalars().all()
            rows = [await self._keep(connection, event_id, verdict, actor) for event_id in ids]
        return tuple(_given(row) for row in rows if row is not None)

    async def page(self, actor: Actor, limit: int, before: int | None) -> VerdictPage:
        """Return verdicts on events on an actor's ground, newest first."""
        statement = select(verdicts).order_by(verdicts.c.verdict_id.desc()).limit(limit + 1)
        if before is not None:
            statement = statement.where(verdicts.c.verdict_id < before)
        async with self._ground.database.reading() as connection:
            ground = await ground_reach(connection, actor.unit_id)
            if not ground.is_everywhere:
                statement = statement.where(
                    exists().where(
                        events.c.event_id == verdicts.c.event_id,
                        ground.condition(events.c.unit_grid),
                    )
                )
            rows = (await connection.execute(statement)).mappings().all()
        found = [_given(dict(row)) for row in rows[:limit]]
        more = found[-1].verdict_id if len(rows) > limit else None
        return VerdictPage(verdicts=found, next_cursor=more)

    async def _keep(
        self, connection: AsyncConnection, event_id: str, verdict: Verdict, actor: Actor
    ) -> Mapping[str, Any] | None:
        event = (
            await connection.execute(
                select(events, case_events.c.case_id)
                .join_from(
                    events, case_events, case_events.c.event_id == events.c.event_id, isouter=True
                )
                .where(events.c.event_id == event_id)
            )
        ).one_or_none()
        if event is None:
            return None
        boxes = verdict.boxes
        row = {
            "event_id": event_id,
            "case_id": event.case_id,
            "verdict": verdict.verdict.value,
            "reason": verdict.reason,
            "boxes": None if boxes is None else [box.model_dump(mode="json") for box in boxes],
            "issue_code": event.issue_code,
            "score": event.score,
            "model": event.model,
            "picture": _picture(event.evidence),
            "given_by": actor.name,
            "given_at": self._ground.time.now(),
        }
        kept = await connection.execute(verdicts.insert().values(row).returning(verdicts))
        return dict(kept.mappings().one())


def verdict_of(action: str, said: CaseAction) -> Verdict | None:
    """Return what a person who does something with a case says of its events; None if nothing."""
    if action == "reject" and said.verdict_reason is not None:
        return Verdict(verdict=VerdictKind.FALSE, reason=said.verdict_reason)
    kind = _SAID_BY_ACTION.get(action)
    return None if kind is None else Verdict(verdict=kind)


def _picture(evidence: list[dict[str, Any]]) -> str | None:
    found = {one["kind"]: str(one["sha256"]) for one in reversed(evidence)}
    return next((found[kind] for kind in _JUDGED if kind in found), None)


def _given(row: Mapping[str, Any]) -> GivenVerdict:
    model = row["model"]
    return GivenVerdict.model_validate(
        {**row, "model_name": model["name"], "model_version": model["version"]}
    )
