"""The merge proposals in the database, and what dispatchers decide of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.contract.merges import MergeProposal, MergeProposalPage, MergeStatus, MergeVerdict
from api.database.database import Database
from api.database.tables import events, merge_proposals
from api.events.event_store import CHANNEL, WRITER_LOCK
from api.events.merge_proposer import note_change
from api.grids.ground_reach import EVERYWHERE, GroundReach
from streams.kit.errors import CityPatrolError


class UnknownProposalError(CityPatrolError):
    """There is no such proposal."""


class DecidedProposalError(CityPatrolError):
    """Somebody has decided otherwise before."""


@dataclass(frozen=True, slots=True)
class ProposalFilter:
    """What must hold of a proposal; what is None is not asked.

    Attributes:
        status: What became of it.
        event_id: It is about this event.
        reach: Both events lie on this ground.
    """

    status: MergeStatus | None = None
    event_id: str | None = None
    reach: GroundReach = EVERYWHERE

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the filter as SQL conditions that all must hold."""
        columns = merge_proposals.c
        found: list[ColumnElement[bool]] = []
        if self.status is not None:
            found.append(columns.status == self.status.value)
        if self.event_id is not None:
            found.append(concerns(self.event_id))
        if not self.reach.is_everywhere:
            found += [
                exists().where(
                    events.c.event_id == column, self.reach.condition(events.c.unit_grid)
                )
                for column in (columns.older_event_id, columns.younger_event_id)
            ]
        return found


class MergeStore:
    """Gives proposals out and takes verdicts in.

    Args:
        database: Where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, wanted: ProposalFilter, limit: int, before: int | None = None
    ) -> MergeProposalPage:
        """Return proposals, newest first.

        Args:
            wanted: Which.
            limit: At most so many.
            before: Only those with a smaller number: the cursor of the page before.
        """
        statement = select(merge_proposals).where(*wanted.conditions())
        if before is not None:
            statement = statement.where(merge_proposals.c.proposal_id < before)
        newest = statement.order_by(merge_proposals.c.proposal_id.desc()).limit(limit + 1)
        async with self._database.reading() as connection:
            found = [_proposal(row) for row in await connection.execute(newest)]
        more = str(found[limit - 1].proposal_id) if len(found) > limit else None
        return MergeProposalPage(proposals=found[:limit], next_cursor=more)

    async def decide(
        self, proposal_id: int, verdict: MergeVerdict, decided_by: str, reach: GroundReach
    ) -> MergeProposal:
        """Keep a verdict. Giving the same one again changes nothing.

        Args:
            proposal_id: On which proposal.
            verdict: What is said.
            decided_by: Who says it.
            reach: The ground on which both events lie, for whoever says it.

        Raises:
            UnknownProposalError: There is no such proposal.
            DecidedProposalError: The opposite was decided before.
        """
        this = and_(
            merge_proposals.c.proposal_id == proposal_id, *ProposalFilter(reach=reach).conditions()
        )
        async with self._database.writing() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})"))
            row = (await connection.execute(select(merge_proposals).where(this))).one_or_none()
            if row is None:
                raise UnknownProposalError(f"merge proposal {proposal_id}: there is none")
            known = _proposal(row)
            if known.status is verdict.verdict:
                return known
            if known.status is not MergeStatus.PROPOSED:
                raise DecidedProposalError(
                    f"merge proposal {proposal_id} was {known.status} by {known.decided_by}"
                )
            decided = await connection.execute(
                update(merge_proposals)
                .where(this)
                .values(
                    status=verdict.verdict.value,
                    decided_at=func.now(),
                    decided_by=decided_by,
                    reason=verdict.reason,
                )
                .returning(merge_proposals)
            )
            proposal = _proposal(decided.one())
            pair = (proposal.older_event_id, proposal.younger_event_id)
            merged = await _merge(connection, pair) if _accepts(verdict) else set()
            await note_change(connection, merged.union(pair))
            await connection.execute(text(f"NOTIFY {CHANNEL}"))
        return proposal


def concerns(event_id: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Return the SQL condition that a proposal is about an event."""
    columns = merge_proposals.c
    return or_(columns.older_event_id == event_id, columns.younger_event_id == event_id)


def _accepts(verdict: MergeVerdict) -> bool:
    return verdict.verdict is MergeStatus.ACCEPTED


async def _merge(connection: AsyncConnection, pair: Sequence[str]) -> set[str]:
    """Let the younger of two matters, and all merged into it, name the older one.

    Each event names the oldest of its matter, never one that is itself merged.

    Returns:
        The events that name another one now.
    """
    oldest = func.coalesce(events.c.merged_into, events.c.event_id)
    found = await connection.execute(select(oldest).where(events.c.event_id.in_(pair)))
    heads = sorted(set(found.scalars()))
    if len(heads) == 1:
        return set()
    changed = await connection.execute(
        update(events)
        .where(or_(events.c.event_id == heads[1], events.c.merged_into == heads[1]))
        .values(merged_into=heads[0])
        .returning(events.c.event_id)
    )
    return set(changed.scalars())


def _proposal(row: Row[Any]) -> MergeProposal:
    return MergeProposal.model_validate(dict(row._mapping))
