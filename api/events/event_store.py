"""The events in the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pydantic import JsonValue
from sqlalchemy import Select, func, literal_column, select, text, union
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from api.contract.events import (
    EventFeature,
    EventPage,
    EventReceipt,
    ReceiptStatus,
    StoredEventFeature,
)
from api.database.account_tables import PICTURE_DELETED, audit_records
from api.database.database import Database
from api.database.sent_rows import WANTED, is_wanted, rows_parameter, sent_rows
from api.database.tables import cameras, events, evidence
from api.events.event_judge import (
    EventJudge,
    StoredIdentity,
    Surroundings,
    deferral,
    read_features,
    rejection,
)
from api.events.event_query import Cursor, EventFilter, list_plan
from api.events.event_row import STORED, event_row, stored_event, stored_events
from api.events.event_walks import newest_page, walked_codes
from api.events.merge_proposer import MergeProposer
from api.grids.grid_store import GridStore
from api.grids.ground_reach import EVERYWHERE, GroundReach
from models.catalogue.issue_catalogue import IssueCatalogue

# Number of PostgreSQL's advisory lock that lets one writer in at a time.
WRITER_LOCK = 4_701_002
CHANNEL = "citypatrol_events"

_LOCK = text(f"SELECT pg_advisory_xact_lock({WRITER_LOCK}), clock_timestamp()")
_NOTIFY = text(f"NOTIFY {CHANNEL}")
_IDENTITY = select(
    events.c.event_id,
    events.c.revision,
    events.c.issue_code,
    events.c.camera_id,
    events.c.first_seen,
    events.c.camera_name,
    events.c.received_at,
).where(is_wanted(events.c.event_id))
_CAMERA_NAMES = select(cameras.c.camera_id, cameras.c.name).where(is_wanted(cameras.c.camera_id))
# A standing event names its first pictures to its end, when their period may be over.
_UPLOADED = union(
    select(evidence.c.sha256).where(is_wanted(evidence.c.sha256)),
    select(audit_records.c.subject).where(
        audit_records.c.action == literal_column(f"'{PICTURE_DELETED}'"),
        is_wanted(audit_records.c.subject),
    ),
)
_SENT = insert(events).from_select(STORED, sent_rows(events, STORED))
_UPSERT = _SENT.on_conflict_do_update(
    index_elements=[events.c.event_id],
    set_={
        name: _SENT.excluded[name]
        for name in (*STORED, "change")
        if name not in {"event_id", "received_at"}
    },
    where=events.c.revision < _SENT.excluded.revision,
)


@dataclass(slots=True)
class _Batch:
    """What a transaction has decided so far."""

    around: Surroundings
    stored: dict[str, StoredIdentity]
    unit_grids: Mapping[tuple[float, float], str | None]
    now: datetime
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)


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
        self._merges = MergeProposer(catalogue)

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
            _, now = (await connection.execute(_LOCK)).one()
            around = await _surroundings(connection, wanted)
            places = [event.geometry.coordinates for event in wanted]
            grids = await self._grids.index(connection)
            stored = dict(around.stored)
            batch = _Batch(
                around=replace(around, stored=stored),
                stored=stored,
                unit_grids=dict(zip(places, grids.unit_grids(places), strict=True)),
                now=now,
            )
            receipts = [
                self._decide(event, batch) if isinstance(event, EventFeature) else event
                for event in read
            ]
            if batch.rows:
                await _write(connection, list(batch.rows.values()))
                await self._merges.propose(connection, batch.rows.keys())
        return receipts

    def _decide(self, event: EventFeature, batch: _Batch) -> EventReceipt:
        around = batch.around
        problems = self._judge.problems(event, around)
        if problems:
            return rejection(event.id, problems)
        not_yet = self._judge.not_yet(event)
        if not_yet:
            return deferral(event.id, not_yet)
        properties = event.properties
        known = batch.stored.get(event.id)
        if known is not None and properties.revision <= known.revision:
            return EventReceipt(
                id=event.id, status=ReceiptStatus.DUPLICATE, received_at=known.received_at
            )
        received_at = batch.now if known is None else known.received_at
        fallback = "" if known is None else known.camera_name
        camera_name = around.camera_names.get(properties.camera_id, fallback)
        unit_grid = batch.unit_grids[event.geometry.coordinates]
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

    async def get(
        self, event_id: str, reach: GroundReach = EVERYWHERE
    ) -> StoredEventFeature | None:
        """Return an event; None if there is none on that ground."""
        this = stored_events().where(
            events.c.event_id == event_id, reach.condition(events.c.unit_grid)
        )
        found = await self._read(this)
        return found[0] if found else None

    async def page(self, wanted: EventFilter, limit: int, cursor: Cursor | None) -> EventPage:
        """Return events newest first; events that come in meanwhile never shift a later page."""
        conditions = wanted.conditions(self._catalogue)
        codes = walked_codes(wanted, self._catalogue)
        statement = newest_page(conditions, codes, cursor, limit + 1)
        async with self._database.reading() as connection:
            await connection.execute(list_plan(wanted))
            rows = (await connection.execute(statement)).all()
        found = [stored_event(row, self._catalogue) for row in rows]
        if len(found) <= limit:
            return EventPage(features=found)
        last = found[limit - 1]
        return EventPage(
            features=found[:limit],
            next_cursor=Cursor(last.properties.first_seen, last.id).token(),
        )

    async def changed_since(self, change: int, limit: int) -> list[StoredEventFeature]:
        """Return events whose latest change came after ``change``, in the order of changes."""
        async with self._database.reading() as connection:
            return await self.changed_since_seen_by(connection, change, limit)

    async def changed_since_seen_by(
        self, connection: AsyncConnection, change: int, limit: int
    ) -> list[StoredEventFeature]:
        """Return the same as ``connection`` sees them.

        For whoever holds a transaction: one that waits for a second connection may wait for ever,
        as the database does not know of it.
        """
        statement = stored_events().where(events.c.change > change)
        rows = await connection.execute(statement.order_by(events.c.change).limit(limit))
        return [stored_event(row, self._catalogue) for row in rows]

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
    identity = await connection.execute(_IDENTITY, {WANTED: list({event.id for event in wanted})})
    names = await connection.execute(
        _CAMERA_NAMES, {WANTED: list({event.properties.camera_id for event in wanted})}
    )
    pictures = {reference.sha256 for event in wanted for reference in event.properties.evidence}
    uploaded = (await connection.execute(_UPLOADED, {WANTED: list(pictures)})) if pictures else None
    return Surroundings(
        stored={event_id: StoredIdentity(*rest) for event_id, *rest in identity},
        camera_names={row.camera_id: row.name for row in names},
        evidence=frozenset() if uploaded is None else frozenset(uploaded.scalars()),
    )


async def _write(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    await connection.execute(_UPSERT, rows_parameter(rows))
    # Sent by PostgreSQL when the transaction commits, and not at all when it does not.
    await connection.execute(_NOTIFY)
