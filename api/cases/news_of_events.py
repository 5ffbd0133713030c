"""Which events say something that their cases do not know yet.

A camera tells of an event again and again as long as it lasts. Nearly all of that changes no case,
and is found out here for many events at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.cases.event_pictures import pictures_of
from api.contract.case_words import END_STATES, CaseState
from api.contract.events import StoredEventFeature
from api.database.case_tables import case_events, case_pictures, cases
from models.words import STREET_KINDS


@dataclass(frozen=True, slots=True)
class _Known:
    """What is kept of an event and of its case."""

    state: CaseState
    cleared_at: datetime | None
    pictures: frozenset[str]

    def covers(self, event: StoredEventFeature) -> bool:
        said = event.properties
        if said.cleared_at != self.cleared_at or self.state is CaseState.REPORTED:
            return False
        if self.state in END_STATES:
            return True
        return self.pictures.issuperset(one.sha256 for one in pictures_of(event))


async def with_news(
    connection: AsyncConnection, events: Sequence[StoredEventFeature]
) -> list[StoredEventFeature]:
    """Return those of the events that a case may have to be opened for, or to learn of."""
    of_street = [event for event in events if event.properties.kind in STREET_KINDS]
    if not of_street:
        return []
    known = await _known(connection, [event.id for event in of_street])
    return [
        event for event in of_street if event.id not in known or not known[event.id].covers(event)
    ]


async def _known(connection: AsyncConnection, event_ids: Sequence[str]) -> dict[str, _Known]:
    pictures = (
        select(func.array_agg(case_pictures.c.sha256))
        .where(case_pictures.c.case_id == case_events.c.case_id)
        .scalar_subquery()
        .label("pictures")
    )
    statement = (
        select(*(case_events.c.event_id, case_events.c.cleared_at, cases.c.state, pictures))
        .join(cases, cases.c.case_id == case_events.c.case_id)
        .where(case_events.c.event_id.in_(event_ids))
    )
    return {
        row.event_id: _Known(CaseState(row.state), row.cleared_at, frozenset(row.pictures or ()))
        for row in await connection.execute(statement)
    }
