"""Checks that what was to be deleted is deleted, and that the proof of it is whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from api.accounts.audit_log import AuditLog, VerifiedAudit
from api.database.account_tables import audit_records
from api.database.database import Database
from api.database.tables import camera_previews, evidence
from api.events.evidence_store import EvidenceFolder, FoundFile
from api.retention.deletion_records import IS_DELETION, DeletionReader
from api.retention.kept_pictures import KeptPictures
from api.retention.retention_class import RetentionClass
from api.retention.retention_settings import RetentionSettings
from api.retention.stray_files import StrayFiles
from streams.kit.errors import CityPatrolError

_AGAIN = (
    select(evidence.c.sha256, audit_records.c.at, audit_records.c.number)
    .join_from(audit_records, evidence, evidence.c.sha256 == audit_records.c.subject)
    .where(IS_DELETION, evidence.c.received_at <= audit_records.c.at)
    .order_by(audit_records.c.number)
    .limit(1)
)


class RetentionViolationError(CityPatrolError):
    """Something that was to be deleted is there; names the first."""


@dataclass(frozen=True, slots=True)
class CheckedRetention:
    """Pictures among which none is that should not be.

    Attributes:
        kept: How many there are.
        deletions: How many the audit log says were deleted.
        audit: The audit log, as it was checked.
    """

    kept: int
    deletions: int
    audit: VerifiedAudit


class RetentionCheck:
    """Goes through the audit log, all pictures and the whole folder; changes nothing.

    Args:
        database: Where the rows are.
        folder: Where the files are.
        settings: How long what is kept.
    """

    def __init__(
        self, database: Database, folder: EvidenceFolder, settings: RetentionSettings
    ) -> None:
        self._database = database
        self._settings = settings
        self._strays = StrayFiles(database, folder)
        self._reader = DeletionReader(database)
        self._kept = KeptPictures(database, settings)

    async def check(self, now: datetime) -> CheckedRetention:
        """Check everything.

        Args:
            now: The moment that periods are compared with.

        Raises:
            TamperedAuditError: The proof was changed.
            RetentionViolationError: A picture is there that should not be.
        """
        audit = await AuditLog(self._database).verify()
        await self._no_row_of_a_deleted_picture()
        await self._no_file_without_a_row(now)
        await self._no_old_preview(now)
        kept = await self._nothing_overdue(now)
        async with self._database.reading() as connection:
            statement = select(func.count()).select_from(audit_records).where(IS_DELETION)
            deletions = int((await connection.execute(statement)).scalar_one())
        return CheckedRetention(kept, deletions, audit)

    async def _no_row_of_a_deleted_picture(self) -> None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_AGAIN)).one_or_none()
        if row is not None:
            raise RetentionViolationError(
                f"picture {row.sha256} was deleted at {row.at.isoformat()} by audit record "
                f"{row.number} and is in the table again without having been uploaded since"
            )

    async def _no_file_without_a_row(self, now: datetime) -> None:
        async for file in self._strays.found(now):
            raise RetentionViolationError(await self._stray(file))

    async def _stray(self, file: FoundFile) -> str:
        deleted = (await self._reader.find([file.name])).get(file.name)
        what = f"file {file.name} of {file.changed_at.isoformat(timespec='seconds')}"
        if deleted is None or deleted.deleted_at is None:
            return f"{what} is in the evidence folder and no row knows it; see docs/retention.md"
        at = deleted.deleted_at.isoformat(timespec="seconds")
        return f"{what} is in the evidence folder, though the picture was deleted at {at}"

    async def _no_old_preview(self, now: datetime) -> None:
        limit = now - self._settings.period(RetentionClass.PREVIEW) - self._settings.lateness
        statement = (
            select(camera_previews.c.camera_id, camera_previews.c.captured_at)
            .where(camera_previews.c.captured_at <= limit)
            .order_by(camera_previews.c.captured_at)
            .limit(1)
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is not None:
            raise RetentionViolationError(
                f"the newest picture of camera {row.camera_id} is of "
                f"{row.captured_at.isoformat(timespec='seconds')} and overdue"
            )

    async def _nothing_overdue(self, now: datetime) -> int:
        kept = 0
        async for fate in self._kept.fates():
            kept += 1
            if fate.is_due(now - self._settings.lateness):
                facts = fate.facts
                raise RetentionViolationError(
                    f"picture {facts.sha256} ({fate.retention_class}, "
                    f"{_named(facts.holders_named)}) was due at {fate.due_at:%Y-%m-%dT%H:%M:%SZ} "
                    "and is there still"
                )
        return kept


def _named(names: Sequence[str]) -> str:
    return ", ".join(names) or "of nothing"
