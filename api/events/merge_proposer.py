"""The merge proposer: finds events of other cameras that may be the same as one just stored."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from api.contract.events import LocationSource
from api.database.sent_rows import WANTED, is_wanted
from api.database.tables import event_changes, events, merge_proposals
from api.events.event_query import of_kinds
from api.events.merge_distance import LATITUDE_REACH, MergeDistance, Position
from models.catalogue.issue_catalogue import IssueCatalogue
from models.words import IssueKind

# Where only the camera is known, all it sees is in one place.
_LOCATED = tuple(source.value for source in LocationSource if source is not LocationSource.CAMERA)

# A camera looks again within ten minutes at the latest; so much later it may still have stood.
CLEARED_WITHIN = timedelta(minutes=10)

# Along a full kerb many are near enough; who decides needs the likeliest.
MOST_FOR_ONE_EVENT = 3


@dataclass(frozen=True, slots=True)
class _Candidate:
    event_id: str
    other_id: str
    distance: MergeDistance

    @property
    def pair(self) -> tuple[str, str]:
        """Both ids. They begin with the time at which the event opened: the older comes first."""
        return min(self.event_id, self.other_id), max(self.event_id, self.other_id)


class MergeProposer:
    """Proposes to merge events with those that may be the same matter.

    Args:
        catalogue: Which types are faults of cameras, which are never another camera's.
    """

    def __init__(self, catalogue: IssueCatalogue) -> None:
        # Made once: that takes longer than asking it.
        self._nearby = _nearby(catalogue)

    async def propose(self, connection: AsyncConnection, event_ids: Collection[str]) -> None:
        """Propose to merge events just stored with others.

        Each pair is proposed once, whatever was decided of it. Nothing is merged. The events
        that a proposal is about count as changed, so that readers learn of it.

        Args:
            connection: In the transaction that stored the events, under the writers' lock.
            event_ids: The events just stored; those that have cleared are passed over.
        """
        rows = (await connection.execute(self._nearby, {WANTED: list(event_ids)})).all()
        chosen = {candidate.pair: candidate.distance for candidate in _nearest(rows)}
        if not chosen:
            return
        proposed = await connection.execute(
            insert(merge_proposals)
            .values(
                [
                    {
                        "older_event_id": older,
                        "younger_event_id": younger,
                        "distance_m": distance.distance_m,
                        "limit_m": distance.limit_m,
                    }
                    for (older, younger), distance in chosen.items()
                ]
            )
            .on_conflict_do_nothing()
            .returning(merge_proposals.c.older_event_id, merge_proposals.c.younger_event_id)
        )
        concerned = {event_id for pair in proposed for event_id in pair}
        await note_change(connection, concerned.difference(event_ids))


async def note_change(connection: AsyncConnection, event_ids: Collection[str]) -> None:
    """Number the latest change of events of which something else than a revision changed."""
    if event_ids:
        await connection.execute(
            update(events)
            .where(events.c.event_id.in_(event_ids))
            .values(change=event_changes.next_value())
        )


def _nearby(catalogue: IssueCatalogue) -> Select[Any]:
    """Pairs of an event just stored and another that lies in a box around it."""
    ours, others = events.c, events.alias("others").c
    # Beyond the last degree of latitude there are no streets.
    longitude_reach = LATITUDE_REACH / func.cos(func.radians(func.least(func.abs(ours.lat), 89)))
    return select(
        ours.event_id,
        ours.lon,
        ours.lat,
        ours.accuracy_m,
        others.event_id.label("other_id"),
        others.lon.label("other_lon"),
        others.lat.label("other_lat"),
        others.accuracy_m.label("other_accuracy_m"),
    ).where(
        is_wanted(ours.event_id),
        ours.cleared_at.is_(None),
        ours.location_source.in_(_LOCATED),
        ~of_kinds({IssueKind.CAMERA}, catalogue),
        others.issue_code == ours.issue_code,
        others.camera_id != ours.camera_id,
        others.location_source.in_(_LOCATED),
        others.lon.between(ours.lon - longitude_reach, ours.lon + longitude_reach),
        others.lat.between(ours.lat - LATITUDE_REACH, ours.lat + LATITUDE_REACH),
        or_(others.cleared_at.is_(None), others.cleared_at >= ours.first_seen - CLEARED_WITHIN),
        func.coalesce(ours.merged_into, ours.event_id)
        != func.coalesce(others.merged_into, others.event_id),
    )


def _nearest(rows: Iterable[Row[Any]]) -> list[_Candidate]:
    """The likeliest few of each event."""
    by_event: defaultdict[str, list[_Candidate]] = defaultdict(list)
    for row in rows:
        distance = MergeDistance.between(
            Position(row.lon, row.lat, row.accuracy_m),
            Position(row.other_lon, row.other_lat, row.other_accuracy_m),
        )
        if distance.is_plausible:
            by_event[row.event_id].append(_Candidate(row.event_id, row.other_id, distance))
    return [
        candidate
        for candidates in by_event.values()
        for candidate in sorted(candidates, key=lambda one: (one.distance.distance_m, one.pair))[
            :MOST_FOR_ONE_EVENT
        ]
    ]
