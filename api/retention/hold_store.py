"""Legal holds: set and lifted by people, with a reason; what is held is not deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.accounts.actor import Actor
from api.cases.reach import EVERYWHERE, reach_of
from api.contract.holds import Hold, HoldKind, HoldPage, HoldState
from api.database.case_tables import case_events, cases
from api.database.database import Database
from api.database.retention_tables import holds
from api.database.tables import events
from api.grids.ground_reach import ground_reach
from api.retention.picture_deletion import LOCK
from streams.kit.errors import CityPatrolError


class UnknownSubjectError(CityPatrolError):
    """There is no such case or event for whoever asks."""


class NotHeldError(CityPatrolError):
    """No hold stands on it."""


class OtherHoldError(CityPatrolError):
    """A hold stands on it for another reason."""


@dataclass(frozen=True, slots=True)
class HoldSubject:
    """What is held, or to be held.

    Attributes:
        kind: A case or an event.
        subject_id: Which one.
    """

    kind: HoldKind
    subject_id: str


class HoldStore:
    """Keeps holds, and those that were lifted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set_hold(self, subject: HoldSubject, reason: str, actor: Actor) -> Hold:
        """Hold a case or an event; when this returns, nothing more of it is deleted.

        The same again changes nothing.

        Raises:
            UnknownSubjectError: There is none for this actor.
            OtherHoldError: It is held for another reason.
        """
        async with self._database.writing() as connection:
            await _check_subject(connection, subject, actor)
            # No file of it goes any more once this is had and the row committed.
            await connection.execute(LOCK)
            standing = await _standing(connection, subject)
            if standing is None:
                row = {
                    "kind": subject.kind.value,
                    "subject_id": subject.subject_id,
                    "reason": reason,
                    "set_by": actor.name,
                }
                made = await connection.execute(holds.insert().values(row).returning(holds))
                return _hold(dict(made.mappings().one()))
        if standing.reason != reason:
            raise OtherHoldError(
                f"{subject.kind} {subject.subject_id} is held by {standing.set_by} since "
                f"{standing.set_at.isoformat(timespec='seconds')} for another reason; lift that "
                "hold first"
            )
        return standing

    async def lift(self, subject: HoldSubject, actor: Actor) -> Hold:
        """End a hold; the period of what was held goes on as if it had not been held.

        Raises:
            UnknownSubjectError: There is no such case or event for this actor.
            NotHeldError: No hold stands on it.
        """
        statement = (
            update(holds)
            .where(*_is_standing(subject))
            .values(lifted_by=actor.name, lifted_at=func.now())
            .returning(holds)
        )
        async with self._database.writing() as connection:
            await _check_subject(connection, subject, actor)
            row = (await connection.execute(statement)).mappings().one_or_none()
        if row is None:
            raise NotHeldError(f"{subject.kind} {subject.subject_id} is not held")
        return _hold(dict(row))

    async def page(
        self,
        state: HoldState | None,
        actor: Actor,
        limit: int,
        before: int | None,
    ) -> HoldPage:
        """Return holds newest first, of what lies within an actor's unit.

        Args:
            state: Those that stand, those that were lifted; None is both.
            actor: Who asks.
            limit: How many.
            before: Only those with a smaller number.
        """
        statement = select(holds).order_by(holds.c.hold_id.desc()).limit(limit + 1)
        if state is HoldState.STANDING:
            statement = statement.where(holds.c.lifted_at.is_(None))
        if state is HoldState.LIFTED:
            statement = statement.where(holds.c.lifted_at.is_not(None))
        if before is not None:
            statement = statement.where(holds.c.hold_id < before)
        async with self._database.reading() as connection:
            reach = await reach_of(connection, actor)
            if reach.path != EVERYWHERE:
                ground = await ground_reach(connection, actor.unit_id)
                on_ground = exists().where(
                    events.c.event_id == holds.c.subject_id, ground.condition(events.c.unit_grid)
                )
                theirs = select(cases.c.case_id).where(reach.condition())
                of_them = select(case_events.c.event_id).where(case_events.c.case_id.in_(theirs))
                statement = statement.where(
                    or_(
                        (holds.c.kind == HoldKind.CASE.value) & holds.c.subject_id.in_(theirs),
                        (holds.c.kind == HoldKind.EVENT.value) & holds.c.subject_id.in_(of_them),
                        (holds.c.kind == HoldKind.EVENT.value) & on_ground,
                    )
                )
            rows = (await connection.execute(statement)).mappings().all()
        found = [_hold(dict(row)) for row in rows[:limit]]
        return HoldPage(holds=found, next_cursor=found[-1].hold_id if len(rows) > limit else None)


async def _check_subject(connection: AsyncConnection, subject: HoldSubject, actor: Actor) -> None:
    if subject.kind is HoldKind.CASE:
        reach = await reach_of(connection, actor)
        statement = select(cases.c.case_id).where(
            cases.c.case_id == subject.subject_id, reach.condition()
        )
    else:
        ground = await ground_reach(connection, actor.unit_id)
        statement = select(events.c.event_id).where(
            events.c.event_id == subject.subject_id, ground.condition(events.c.unit_grid)
        )
    if (await connection.execute(statement)).one_or_none() is None:
        raise UnknownSubjectError(f"there is no {subject.kind} {subject.subject_id}")


async def _standing(connection: AsyncConnection, subject: HoldSubject) -> Hold | None:
    statement = select(holds).where(*_is_standing(subject))
    row = (await connection.execute(statement)).mappings().one_or_none()
    return None if row is None else _hold(dict(row))


def _is_standing(subject: HoldSubject) -> tuple[Any, ...]:
    return (
        holds.c.kind == subject.kind.value,
        holds.c.subject_id == subject.subject_id,
        holds.c.lifted_at.is_(None),
    )


def _hold(row: Mapping[str, Any]) -> Hold:
    return Hold.model_validate(row)
