"""The proof: what was deleted, by which rule, in the audit log, whose hashes are a chain."""

import socket
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import JsonValue, TypeAdapter
from sqlalchemy import literal_column, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from api.accounts.actor import SYSTEM
from api.accounts.audit_log import NOBODY, AuditRecord, append_records
from api.contract.holds import HoldKind
from api.database.account_tables import PICTURE_DELETED, audit_records
from api.database.database import Database
from api.database.sent_rows import WANTED, is_wanted
from api.database.tables import evidence
from api.retention.picture_fate import PictureFate
from api.retention.retention_class import RetentionClass
from api.retention.retention_settings import RetentionSettings

PREVIEW_DELETED = "delete_preview"
"""Action of the record that a camera's newest picture was deleted; the camera is the subject."""

# Written out, as the index on these records is for this word alone.
IS_DELETION = audit_records.c.action == literal_column(f"'{PICTURE_DELETED}'")
_TIME = TypeAdapter(datetime)


@dataclass(frozen=True, slots=True)
class Deletion:
    """That a picture was deleted, or is being deleted.

    Attributes:
        subject: Its hash; of a camera's newest picture, the camera.
        retention_class: In which class it was.
        since: When its period began.
        due_at: When it was over.
        period_hours: How long it was.
        event_ids: The events that named it.
        case_ids: The cases that named it, or that those events belong to.
        deleted_at: When; None while it is being deleted.
    """

    subject: str
    retention_class: RetentionClass
    since: datetime
    due_at: datetime
    period_hours: float
    event_ids: tuple[str, ...] = ()
    case_ids: tuple[str, ...] = ()
    deleted_at: datetime | None = None

    @property
    def reason(self) -> str:
        """Why it is gone, in a sentence that begins with its subject."""
        at = (
            "is being deleted"
            if self.deleted_at is None
            else f"was deleted at {self.deleted_at:%Y-%m-%dT%H:%M:%SZ}"
        )
        return (
            f"picture {self.subject} {at}: pictures of class {self.retention_class.value} are kept "
            f"for {self.period_hours:g} h, its time began at {self.since:%Y-%m-%dT%H:%M:%SZ}"
        )

    def document(self) -> dict[str, JsonValue]:
        """Return what the row of a picture keeps while it is being deleted."""
        return {
            "class": self.retention_class.value,
            "since": self.since.isoformat(),
            "due_at": self.due_at.isoformat(),
            "period_hours": self.period_hours,
            "events": [*self.event_ids],
            "cases": [*self.case_ids],
        }

    def record(self, action: str, at: datetime) -> AuditRecord:
        """Return the record of the audit log that proves it."""
        details = {**self.document(), "node": socket.gethostname()}
        return AuditRecord(SYSTEM.name, NOBODY, action, self.subject, details, at)


def deletion_of(fate: PictureFate, settings: RetentionSettings) -> Deletion:
    """Return what is to be kept of a picture that is due."""
    assert fate.since is not None and fate.due_at is not None  # noqa: PT018, S101 - it is due
    period = settings.period(fate.retention_class)
    return Deletion(
        subject=fate.facts.sha256,
        retention_class=fate.retention_class,
        since=fate.since,
        due_at=fate.due_at,
        period_hours=period.total_seconds() / 3600,
        event_ids=tuple(fate.facts.ids(HoldKind.EVENT)),
        case_ids=tuple(fate.facts.ids(HoldKind.CASE)),
    )


def read_deletion(subject: str, document: Any, deleted_at: datetime | None) -> Deletion:  # noqa: ANN401 - JSON of the database
    """Read what ``Deletion.document`` wrote."""
    return Deletion(
        subject=subject,
        retention_class=RetentionClass(document["class"]),
        since=_TIME.validate_python(document["since"]),
        due_at=_TIME.validate_python(document["due_at"]),
        period_hours=document["period_hours"],
        event_ids=tuple(document["events"]),
        case_ids=tuple(document["cases"]),
        deleted_at=deleted_at,
    )


async def prove(
    connection: AsyncConnection, action: str, deletions: Iterable[Deletion], at: datetime
) -> None:
    """Write that things are deleted; it holds with whatever else ``connection`` commits.

    Args:
        connection: In a transaction; the audit log is its own until that ends.
        action: What was done, as a word of the audit log.
        deletions: What was deleted.
        at: When.
    """
    records = [deletion.record(action, at) for deletion in deletions]
    if records:
        await append_records(connection, records)


_FOUND = union_all(
    select(
        audit_records.c.number,
        audit_records.c.subject,
        audit_records.c.details,
        audit_records.c.at,
    )
    .where(IS_DELETION, is_wanted(audit_records.c.subject))
    .where(~select(evidence.c.sha256).where(evidence.c.sha256 == audit_records.c.subject).exists()),
    select(
        literal_column("0"),
        evidence.c.sha256,
        evidence.c.deletion,
        literal_column("NULL::timestamptz"),
    ).where(evidence.c.deletion.is_not(None), is_wanted(evidence.c.sha256)),
)


class DeletionReader:
    """Finds what became of pictures that are not there any more."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, sha256s: Collection[str]) -> dict[str, Deletion]:
        """Return those of some pictures that were deleted, or are being deleted, by their hashes.

        One that was uploaded again since is not among them.
        """
        if not sha256s:
            return {}
        async with self._database.reading() as connection:
            rows = (await connection.execute(_FOUND, {WANTED: sorted(sha256s)})).mappings().all()
        # A picture that was deleted twice is gone since the later time.
        return {
            row["subject"]: read_deletion(row["subject"], row["details"], row["at"])
            for row in sorted(rows, key=lambda row: row["number"])
        }
