"""One pass: all that is due is deleted, and what came of it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from api.database.database import Database
from api.database.tables import camera_previews, evidence
from api.events.evidence_store import EvidenceFolder
from api.retention.deletion_records import PREVIEW_DELETED, Deletion, prove
from api.retention.picture_deletion import PICTURES_PER_LOOK, PictureDeletion
from api.retention.retention_class import RetentionClass
from api.retention.retention_settings import RetentionSettings
from api.retention.stray_files import StrayFiles


@dataclass(slots=True)
class PassResult:
    """What a pass did.

    Attributes:
        deleted: How many pictures were deleted, by class.
        taken_in: Files that no row knew.
        overdue: Pictures that are later than they may be.
    """

    deleted: Counter[RetentionClass] = field(default_factory=Counter)
    taken_in: int = 0
    overdue: int = 0


class RetentionPass:
    """Deletes what is due, in batches; several nodes may do so at the same time.

    Args:
        database: Where pictures, events and cases are.
        folder: Where the pictures' bytes are.
        settings: How long what is kept.
    """

    def __init__(
        self, database: Database, folder: EvidenceFolder, settings: RetentionSettings
    ) -> None:
        self._database = database
        self._settings = settings
        self._pictures = PictureDeletion(database, folder, settings)
        self._strays = StrayFiles(database, folder)

    async def take_in_strays(self, now: datetime) -> int:
        """Give files that no row knows one; goes through the whole folder."""
        return await self._strays.take_in(now)

    async def run(self, now: datetime) -> PassResult:
        """Delete what is due.

        Args:
            now: The moment that periods are compared with.
        """
        result = PassResult()
        while (await self._pictures.mark(now)).looked == PICTURES_PER_LOOK:
            await self._delete_marked(now, result)
        await self._delete_marked(now, result)
        result.deleted[RetentionClass.PREVIEW] += await self._delete_previews(now)
        result.overdue = await self._overdue(now)
        return result

    async def _delete_marked(self, now: datetime, result: PassResult) -> None:
        while deletions := await self._pictures.delete_marked(now):
            result.deleted.update(deletion.retention_class for deletion in deletions)

    async def _delete_previews(self, now: datetime) -> int:
        period = self._settings.period(RetentionClass.PREVIEW)
        statement = (
            delete(camera_previews)
            .where(camera_previews.c.captured_at <= now - period)
            .returning(camera_previews.c.camera_id, camera_previews.c.captured_at)
        )
        async with self._database.writing() as connection:
            rows = (await connection.execute(statement)).all()
            await prove(
                connection,
                PREVIEW_DELETED,
                [_preview(row.camera_id, row.captured_at, period) for row in rows],
                now,
            )
        return len(rows)

    async def _overdue(self, now: datetime) -> int:
        """Count what no pass got round to; ``RetentionCheck`` looks at every picture instead."""
        statement = (
            select(func.count())
            .select_from(evidence)
            .where(evidence.c.look_again_at <= now - self._settings.lateness / 2)
        )
        async with self._database.reading() as connection:
            return int((await connection.execute(statement)).scalar_one())


def _preview(camera_id: str, captured_at: datetime, period: timedelta) -> Deletion:
    hours = period.total_seconds() / 3600
    return Deletion(camera_id, RetentionClass.PREVIEW, captured_at, captured_at + period, hours)
