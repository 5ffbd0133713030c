"""Deletes pictures whose period is over: first the row says so, then the file goes, then the proof.

Whoever dies between leaves a row that says so, and the next one goes on from there. Of several
nodes each takes rows that no other has locked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import JsonValue
from sqlalchemy import Update, bindparam, delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database.account_tables import PICTURE_DELETED
from api.database.database import Database
from api.database.tables import evidence
from api.events.evidence_store import EvidenceFiles
from api.retention.deletion_records import Deletion, deletion_of, prove, read_deletion
from api.retention.picture_fate import PictureFate, fate_of
from api.retention.picture_holders import Upload, picture_facts
from api.retention.retention_settings import RetentionSettings

# Number of PostgreSQL's advisory lock under which files go and holds are set: what is held when
# the answer comes stays.
RETENTION_LOCK = 4_701_019
PICTURES_PER_LOOK = 500
# Their files go while the lock is held, for which whoever sets a hold waits.
PICTURES_PER_DELETION = 100

LOCK = text(f"SELECT pg_advisory_xact_lock({RETENTION_LOCK})")
_MARK = (
    update(evidence)
    .where(evidence.c.sha256 == bindparam("marked"))
    .values(deletion=bindparam("said", type_=evidence.c.deletion.type))
)
_POSTPONE = (
    update(evidence)
    .where(evidence.c.sha256 == bindparam("looked_at"))
    .values(look_again_at=bindparam("next_look"))
)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What came of looking at pictures.

    Attributes:
        looked: How many were looked at.
        due: How many of them are being deleted from now on.
    """

    looked: int
    due: int


class PictureDeletion:
    """Finds pictures whose period is over, and deletes them.

    Args:
        database: Where pictures, events and cases are.
        files: Where the pictures' bytes are.
        settings: How long what is kept.
    """

    def __init__(
        self, database: Database, files: EvidenceFiles, settings: RetentionSettings
    ) -> None:
        self._database = database
        self._files = files
        self._settings = settings

    async def mark(self, now: datetime) -> LookedAt:
        """Look at the pictures whose turn it is; the rows of those that are due say so then."""
        async with self._database.writing() as connection:
            rows = (
                await connection.execute(
                    select(evidence.c.sha256, evidence.c.received_at)
                    .where(evidence.c.deletion.is_(None), evidence.c.look_again_at <= now)
                    .order_by(evidence.c.look_again_at)
                    .limit(PICTURES_PER_LOOK)
                    .with_for_update(skip_locked=True)
                )
            ).all()
            fates = await self._fates(connection, [Upload(*row) for row in rows])
            due = [fate for fate in fates if fate.is_due(now)]
            await _each(connection, _MARK, [self._marked(fate) for fate in due])
            later = [self._postponed(fate, now) for fate in fates if not fate.is_due(now)]
            await _each(connection, _POSTPONE, later)
        return LookedAt(len(rows), len(due))

    async def delete_marked(self, now: datetime) -> Sequence[Deletion]:
        """Delete some of the pictures whose rows say so; return what was deleted.

        What is held or wanted again by now stays, if its file is still there.
        """
        async with self._database.writing() as connection:
            await connection.execute(LOCK)
            rows = (
                await connection.execute(
                    select(evidence.c.sha256, evidence.c.received_at, evidence.c.deletion)
                    .where(evidence.c.deletion.is_not(None))
                    .order_by(evidence.c.sha256)
                    .limit(PICTURES_PER_DELETION)
                    .with_for_update(skip_locked=True)
                )
            ).all()
            spared = await self._spared(
                connection, [Upload(row.sha256, row.received_at) for row in rows], now
            )
            deletions = [
                read_deletion(row.sha256, row.deletion, now)
                for row in rows
                if row.sha256 not in spared
            ]
            for deletion in deletions:
                await self._files.delete(deletion.subject)
            gone = [deletion.subject for deletion in deletions]
            await connection.execute(delete(evidence).where(evidence.c.sha256.in_(gone)))
            await prove(connection, PICTURE_DELETED, deletions, now)
        return deletions

    async def _fates(
        self, connection: AsyncConnection, uploads: Sequence[Upload]
    ) -> list[PictureFate]:
        facts = await picture_facts(connection, uploads)
        return [fate_of(one, self._settings) for one in facts]

    async def _spared(
        self, connection: AsyncConnection, uploads: Sequence[Upload], now: datetime
    ) -> set[str]:
        fates = await self._fates(connection, uploads)
        kept = [fate.facts.sha256 for fate in fates if not fate.is_due(now)]
        spared = {sha256 for sha256 in kept if await self._files.holds(sha256)}
        await _each(connection, _MARK, [{"marked": one, "said": None} for one in sorted(spared)])
        later = [self._postponed(fate, now) for fate in fates if fate.facts.sha256 in spared]
        await _each(connection, _POSTPONE, later)
        return spared

    def _marked(self, fate: PictureFate) -> dict[str, JsonValue]:
        said = deletion_of(fate, self._settings).document()
        return {"marked": fate.facts.sha256, "said": said}

    def _postponed(self, fate: PictureFate, now: datetime) -> dict[str, Any]:
        # A verdict, a hold's end or a setting may bring the end of a period nearer.
        next_look = now + self._settings.lateness / 2
        if fate.due_at is not None and not fate.is_held:
            next_look = min(next_look, fate.due_at)
        return {"looked_at": fate.facts.sha256, "next_look": next_look}


async def _each(
    connection: AsyncConnection,
    statement: Update,
    rows: Sequence[dict[str, Any]],
) -> None:
    if rows:
        await connection.execute(statement, rows)
