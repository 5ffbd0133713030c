"""The events in the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import JsonValue
from sqlalchemy import Select, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from api.contract.events import (
    EventFeature,
    EventPage,
    EventReceipt,
    ReceiptStatus,
    StoredEventFeature,
)
from api.database.database import Database
from api.database.tables import cameras, events, evidence
from api.events.event_judge import (
    EventJudge,
    StoredIdentity,
    Surroundings,
    read_features,
    rejection,
)
from api.events.event_query import Cursor, EventFilter, newest_first
from api.events.event_row import event_row, stored_event, stored_events
from api.events.merge_proposer import propose_merges
from api.grids.grid_store import GridIndex, GridStore
from models.catalogue.issue_catalogue import IssueCatalogue

# Number of PostgreSQL's advisory lock that lets one writer in at a time.
WRITER_LOCK = 4_701_002
CHANNEL = "citypatrol_events"


@dataclass(slots=True)
class _Batch:
    """What a transaction has decided so far."""

    around: Surroundings
    stored: dict[str, StoredIdentity]
    rows: dict[str, dict[str, Any]]
    now: datetime
    grids: GridIndex


class EventStore:
    """Takes events in and gives them out.

    Writers take turns, so that ``change`` numbers become visible in their order and a reader
    that has seen one has missed none before it.
    """

    def __init__(
        self, database: Database, catalogue: IssueCatalogue, judge: EventJudge, grids: GridStore
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._judge = judge
        self._grids = grids

    async def store(self, features: Sequence[JsonValue]) -> list[EventReceipt]:
        """Store a batch in one transaction and return a receipt for each, in order.

        When this returns, all that was stored is committed; when it raises, nothing is stored.
        A delivery whose revision is no higher than the stored one changes nothing.
        """
        read = read_features(features)
        wanted = [event for event in read if isinstance(event, EventFeature)]
        if not wanted:
            return [receipt for receipt in read if isinstance(receipt, EventReceipt)]
        async with self._database.writing() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})"))
            around = await _surroundings(connection, wanted)
            batch = _Batch(
                around=around,
                stored=dict(around.stored),
                rows={},
                now=(await connection.execute(select(func.clock_timestamp()))).scalar_one(),
                grids=await self._grids.index(connection),
            )
            receipts = [
                self._decide(event, batch) if isinstance(event, EventFeature) else event
                for event in read
            ]
            if batch.rows:
                await _write(connection, list(batch.rows.values()))
                await propose_merges(connection, batch.rows.keys(), self._catalogue)
        return receipts

    def _decide(self, event: EventFeature, batch: _Batch) -> EventReceipt:
        around = replace(batch.around, stored=batch.stored)
        problems = self._judge.problems(event, around)
        if problems:
            return rejection(event.id, problems)
        properties = event.properties
        known = batch.stored.get(event.id)
        if known is not None and properties.revision <= known.revision:
            return EventReceipt(
                id=event.id, status=ReceiptStatus.DUPLICATE, received_at=known.received_at
            )
        received_at = batch.now if known is None else known.received_at
        fallback = "" if known is None else known.camera_name
        camera_name = around.camera_names.get(properties.camera_id, fallback)
        unit_grid = batch.grids.unit_grid(*event.geometry.coordinates)
        batch.rows[event.id] = {
            **event_row(event, camera_name, unit_grid),
            "received_at": received_at,
            "updated_at": batch.now,
        }
        batch.stored[event.id] = StoredIdentity(
            revision=properties.revision,
            issue_code=properties.issue_code,
            camera_id=properties.camera_id,
            first_seen=properties.first_seen,
            camera_name=camera_name,
            received_at=received_at,
        )
        status = ReceiptStatus.STORED if known is None else ReceiptStatus.UPDATED
        return EventReceipt(id=event.id, status=status, received_at=received_at)

    async def get(self, event_id: str) -> StoredEventFeature | None:
        """Return an event, or None."""
        found = await self._read(stored_events().where(events.c.event_id == event_id))
        return found[0] if found else None

    async def page(self, wanted: EventFilter, limit: int, cursor: Cursor | None) -> EventPage:
        """Return events newest first; events that come in meanwhile never shift a later page."""
        conditions = wanted.conditions(self._catalogue)
        found = await self._read(newest_first(stored_events(), conditions, cursor).limit(limit + 1))
        if len(found) <= limit:
            return EventPage(features=found)
        last = found[limit - 1]
        return EventPage(
            features=found[:limit],
            next_cursor=Cursor(last.properties.first_seen, last.id).token(),
        )

    async def changed_since(self, change: int, limit: int) -> list[StoredEventFeature]:
        """Return events whose latest change came after ``change``, in the order of changes."""
        statement = stored_events().where(events.c.change > change)
        return await self._read(statement.order_by(events.c.change).limit(limit))

    async def latest_change(self) -> int:
        """Return the highest change number, 0 if there are no events."""
        async with self._database.reading() as connection:
            found = await connection.execute(select(func.max(events.c.change)))
            return found.scalar_one() or 0

    async def _read(self, statement: Select[Any]) -> list[StoredEventFeature]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        return [stored_event(row, self._catalogue) for row in rows]


async def _surroundings(
    connection: AsyncConnection, wanted: Collection[EventFeature]
) -> Surroundings:
    columns = events.c
    identity = select(
        columns.event_id,
        columns.revision,
        columns.issue_code,
        columns.camera_id,
        columns.first_seen,
        columns.camera_name,
        columns.received_at,
    ).where(columns.event_id.in_({event.id for event in wanted}))
    names = select(cameras.c.camera_id, cameras.c.name).where(
        cameras.c.camera_id.in_({event.properties.camera_id for event in wanted})
    )
    uploaded = select(evidence.c.sha256).where(
        evidence.c.sha256.in_(
            {reference.sha256 for event in wanted for reference in event.properties.evidence}
        )
    )
    return Surroundings(
        stored={
            event_id: StoredIdentity(*rest)
            for event_id, *rest in await connection.execute(identity)
        },
        camera_names={row.camera_id: row.name for row in await connection.execute(names)},
        evidence=frozenset((await connection.execute(uploaded)).scalars()),
    )


async def _write(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    statement = insert(events).values(list(rows))
    replacements = {
        column.name: statement.excluded[column.name]
        for column in events.c
        if column.name not in {"event_id", "received_at", "merged_into"}
    }
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[events.c.event_id],
            set_=replacements,
            where=events.c.revision < statement.excluded.revision,
        )
    )
    # Sent by PostgreSQL when the transaction commits, and not at all when it does not.
    await connection.execute(text(f"NOTIFY {CHANNEL}"))
