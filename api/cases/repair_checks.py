"""Has cameras look again at what was handled, and tells the case what they see."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from api.accounts.actor import SYSTEM
from api.cases.case import Case
from api.cases.case_ground import CaseGround
from api.cases.case_rows import write_case
from api.cases.flow import FlowEntry, flow_row, record
from api.cases.repair_check import CamerasWord, RepairCheckRow, cameras_word
from api.cases.repair_check_rows import SeenEvent, add_checks, checks_of, end_checks, seen_by
from api.contract.case_words import CaseState, FlowKind
from api.contract.repair_checks import RepairCheck, RepairCheckStatus
from api.database.repair_tables import repair_checks
from api.database.tables import events
from models.catalogue.issue_type import RepairCheckRule

# From "it is done" until somebody has said whether it is: cameras may still be of help.
AWAITING = frozenset({CaseState.HANDLE_FINISHED, CaseState.PENDING_CHECK, CaseState.CHECKING})
SEEN_GONE = "seen_gone"
"""Action of the record that its cameras propose to let it pass."""
SEEN_AGAIN = "seen_again"
"""Action of the record that a camera saw it still."""


class RepairChecks:
    """The checks of all cases, each within the caller's transaction, which has locked the case."""

    def __init__(self, ground: CaseGround) -> None:
        self._ground = ground

    def rule_of(self, case: Case) -> RepairCheckRule:
        """Return what the type of a case says of them."""
        issue = self._ground.catalogue.types.get(case.issue_code)
        return RepairCheckRule() if issue is None else issue.repair_check or RepairCheckRule()

    async def follow(self, connection: AsyncConnection, before: Case, after: Case) -> Case:
        """Ask for checks once a case is handled, end them once it goes on; return the case."""
        if after.state is CaseState.HANDLE_FINISHED is not before.state:
            await self._ask(connection, after, await seen_by(connection, after.case_id))
            return await self.tell(connection, after)
        if after.state not in AWAITING and before.state in AWAITING:
            await end_checks(connection, after.case_id)
        return after

    async def ask_for(self, connection: AsyncConnection, case: Case, seen: SeenEvent) -> Case:
        """Have an event looked for as well that joined a handled case; return the case."""
        await self._ask(connection, case, [seen])
        return await self.tell(connection, case)

    async def tell(self, connection: AsyncConnection, case: Case) -> Case:
        """Let a case know what its cameras say by now; return it."""
        word = cameras_word(await checks_of(connection, case.case_id, case.handled_at))
        words = None if word is None else word.words
        gone_at = None if word is None else word.gone_at
        if (words, gone_at) == (case.camera_check, case.seen_gone_at):
            return case
        told = replace(case, camera_check=words, seen_gone_at=gone_at)
        await write_case(connection, case, told)
        if word is not None:
            await self._record(connection, case, told, word)
        return told

    async def open_checks(self, connection: AsyncConnection) -> list[RepairCheck]:
        """Return all looks that are awaited, by the order in which they were asked for."""
        statement = (
            select(
                repair_checks,
                events.c.issue_code,
                events.c.zone_id,
                events.c.detections,
            )
            .join(events, events.c.event_id == repair_checks.c.event_id)
            .where(repair_checks.c.status == RepairCheckStatus.OPEN.value)
            .order_by(repair_checks.c.check_id)
        )
        rows = (await connection.execute(statement)).mappings().all()
        return [RepairCheck.model_validate(dict(row)) for row in rows]

    async def _ask(
        self, connection: AsyncConnection, case: Case, seen: Sequence[SeenEvent]
    ) -> None:
        settings = self._ground.settings
        now = self._ground.time.now()
        wanted = self.rule_of(case).looks or settings.check_looks
        asked_at = max(now, case.handled_at or now)
        checks = [
            RepairCheckRow(
                check_id=str(ULID.from_datetime(asked_at)),
                case_id=case.case_id,
                event_id=one.event_id,
                camera_id=one.camera_id,
                status=RepairCheckStatus.OPEN,
                asked_at=asked_at,
                ends_at=asked_at + timedelta(hours=settings.check_hours),
                wanted_looks=wanted,
                pause_seconds=settings.check_pause_seconds,
                absent_looks=0,
                look_after=asked_at,
            )
            for one in seen
        ]
        await add_checks(connection, checks)

    async def _record(
        self, connection: AsyncConnection, before: Case, case: Case, word: CamerasWord
    ) -> None:
        """Put into the record that they propose to let it pass, or that it is still there."""
        was_there = before.camera_check is not None and before.camera_check.key == "still_seen"
        if word.gone_at is not None:
            entry = _note(SEEN_GONE, case, word)
        elif word.words.key == "still_seen" and not was_there:
            entry = _note(SEEN_AGAIN, case, word)
        else:
            return
        at = max(self._ground.time.now(), case.updated_at)
        await record(connection, [{**flow_row(case, entry), "at": at}])


def _note(action: str, case: Case, word: CamerasWord) -> FlowEntry:
    details: dict[str, object] = {"said": word.words.document()}
    if word.gone_at is not None:
        details["last_look_at"] = word.gone_at.isoformat()
    return FlowEntry(
        action, FlowKind.NOTE, case.state, SYSTEM.name, None, word.words.english, details
    )
