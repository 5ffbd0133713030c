"""Cameras' events become cases, in the order in which they change, each once."""

import asyncio
import time
from dataclasses import replace

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from api.accounts.actor import SYSTEM
from api.cases.case import Case
from api.cases.case_events import join_event, note_cleared
from api.cases.case_ground import CaseGround
from api.cases.case_opening import CaseOpening, NewCase
from api.cases.case_rows import add_pictures, locked_case, write_case
from api.cases.case_transitions import CaseTransitions
from api.cases.duplicates import Spot, open_case_at
from api.cases.event_pictures import pictures_of
from api.cases.news_of_events import with_news
from api.cases.registration_bar import RegistrationBar
from api.cases.repair_check_rows import SeenEvent
from api.cases.repair_checks import AWAITING
from api.contract.case_words import CaseSource, CaseState
from api.contract.cases import CaseAction
from api.contract.confirmations import ConfirmationStatus
from api.contract.events import StoredEventFeature
from api.database.case_tables import intake_positions
from api.events.change_feed import ChangeFeed
from api.events.event_store import EventStore
from streams.kit.errors import CityPatrolError
from streams.kit.owned_task import OwnedTask

log = structlog.get_logger(__name__)

# Number of PostgreSQL's advisory lock that lets one node at a time open cases.
INTAKE_LOCK = 4_701_004
READER = "cases"
EVENTS_PER_TRANSACTION = 50
PAUSE_AFTER_ERROR_SECONDS = 2.0
# While there are more events than it reads at a time, it rests for so many times as long as it
# worked: workers whose events are to be taken in come first, and a case can wait for seconds.
REST_SHARE = 2.0


class EventIntake(OwnedTask):
    """Follows the events and opens cases; one task, which this object owns: use ``async with``.

    What it has read stands in the database, in the same transaction as what it opened: after a
    crash it goes on where it was, and of several nodes one reads at a time.
    """

    task_name = "case-intake"

    def __init__(
        self,
        ground: CaseGround,
        transitions: CaseTransitions,
        events: EventStore,
        changes: ChangeFeed,
    ) -> None:
        self._ground = ground
        self._transitions = transitions
        self._opening = CaseOpening(ground)
        self._events = events
        self._changes = changes
        self._bar = RegistrationBar(ground.settings)

    async def _run(self) -> None:
        while True:
            try:
                with self._changes.follow() as woken:
                    while True:
                        woken.clear()
                        await self._read_all()
                        await woken.wait()
            except (SQLAlchemyError, OSError) as error:
                log.warning("case_intake_paused", error=str(error).splitlines()[:1])
                await asyncio.sleep(PAUSE_AFTER_ERROR_SECONDS)

    async def _read_all(self) -> None:
        begin = time.monotonic()
        while await self._read_some():
            await asyncio.sleep(REST_SHARE * (time.monotonic() - begin))
            begin = time.monotonic()

    async def _read_some(self) -> bool:
        """Read the next events; say whether there may be more."""
        async with self._ground.database.writing() as connection:
            free = select(func.pg_try_advisory_xact_lock(INTAKE_LOCK))
            if not (await connection.execute(free)).scalar_one():
                return False
            position = await _position(connection)
            found = await self._events.changed_since_seen_by(
                connection, position, EVENTS_PER_TRANSACTION
            )
            for event in await with_news(connection, found):
                await self._take_alone(connection, event)
            if found:
                await _move_to(connection, found[-1].properties.change)
        return len(found) == EVENTS_PER_TRANSACTION

    async def _take_alone(self, connection: AsyncConnection, event: StoredEventFeature) -> None:
        """Take one event; one that cannot be taken is said and holds up no other."""
        try:
            async with connection.begin_nested():
                await self._take(connection, event)
        except CityPatrolError as error:
            log.exception("case_intake_failed", event_id=event.id, error=str(error))

    async def _take(self, connection: AsyncConnection, event: StoredEventFeature) -> None:
        said = event.properties
        case_id = await note_cleared(connection, event.id, said.cleared_at)
        if case_id is not None:
            await self._refresh(connection, case_id, event)
        elif said.cleared_at is None and not _is_refuted(event):
            await self._open(connection, event)

    async def _open(self, connection: AsyncConnection, event: StoredEventFeature) -> None:
        said, (lon, lat) = event.properties, event.geometry.coordinates
        now = self._ground.time.now()
        spot = Spot(said.issue_code, lon, lat)
        case = await open_case_at(connection, spot, now, self._ground.settings)
        is_new = case is None
        if case is None:
            new = NewCase(CaseSource.VIDEO, said.issue_code, lon, lat, said.camera_id)
            case = await self._opening.open(connection, new, SYSTEM)
        await join_event(connection, case, event.id, SYSTEM.name, now)
        await add_pictures(connection, case, pictures_of(event), said.camera_id)
        if is_new or case.state is CaseState.REPORTED:
            await self._register(connection, case, event)
        elif case.state in AWAITING:
            seen = SeenEvent(event.id, said.camera_id)
            await self._transitions.repairs.ask_for(connection, case, seen)

    async def _refresh(
        self, connection: AsyncConnection, case_id: str, event: StoredEventFeature
    ) -> None:
        """Let a case know what became of one of its events."""
        case = await locked_case(connection, case_id)
        if case is None or not case.is_open:
            return
        await add_pictures(connection, case, pictures_of(event), event.properties.camera_id)
        if case.state is CaseState.REPORTED and event.properties.cleared_at is None:
            await self._register(connection, case, event)

    async def _register(
        self, connection: AsyncConnection, case: Case, event: StoredEventFeature
    ) -> None:
        issue = self._ground.catalogue.types.get(event.properties.issue_code)
        if case.source is not CaseSource.VIDEO:
            return
        reason = self._bar.why_not(issue, event.properties)
        if reason is not None:
            if reason != case.waits_because:
                await write_case(connection, case, replace(case, waits_because=reason))
            return
        marked = replace(case, auto_registered=True)
        await write_case(connection, case, marked)
        registered = await self._transitions.perform_by_rule(
            connection, marked, "register", CaseAction()
        )
        await self._transitions.dispatch_by_rule(connection, registered)


def _is_refuted(event: StoredEventFeature) -> bool:
    said = event.properties.confirmation
    return said is not None and said.status is ConfirmationStatus.REFUTED


async def _position(connection: AsyncConnection) -> int:
    statement = select(intake_positions.c.change).where(intake_positions.c.reader == READER)
    return (await connection.execute(statement)).scalar_one_or_none() or 0


async def _move_to(connection: AsyncConnection, change: int) -> None:
    statement = insert(intake_positions).values(reader=READER, change=change)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["reader"], set_={"change": statement.excluded.change}
        )
    )
