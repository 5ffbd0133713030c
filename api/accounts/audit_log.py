"""The audit log: who did what, when, from where; each record's hash covers the one before."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, TypeAlias

from pydantic import JsonValue
from pydantic_core import to_json
from sqlalchemy import Row, select, text
from sqlalchemy.exc import DataError
from sqlalchemy.ext.asyncio import AsyncConnection

from api.accounts.actor import Actor
from api.database.account_tables import audit_records
from api.database.database import Database
from streams.kit.errors import CityPatrolError

# Number of PostgreSQL's advisory lock that lets one writer in at a time.
AUDIT_LOCK = 4_701_003
# Records that wait for the database; more than that, and whoever acts waits.
MOST_WAITING = 1000
ROWS_PER_READ = 5000
BEFORE_THE_FIRST = bytes(32)
NOBODY = "-"

_LOCK = text(f"SELECT pg_advisory_xact_lock({AUDIT_LOCK})")
_LAST = (
    select(audit_records.c.number, audit_records.c.hash)
    .order_by(audit_records.c.number.desc())
    .limit(1)
)


class TamperedAuditError(CityPatrolError):
    """The audit log was changed; names the first record that shows it."""


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One thing that somebody did.

    Attributes:
        actor: Who: a login, the name of a key, or ``-`` for nobody.
        address: From which network address.
        action: What, as a word: ``log_in``, ``view_evidence``.
        subject: With what: an id or a name.
        details: What else is worth keeping.
        at: When.
    """

    actor: str
    address: str
    action: str
    subject: str
    details: Mapping[str, JsonValue]
    at: datetime


@dataclass(frozen=True, slots=True)
class VerifiedAudit:
    """An audit log in which no record was changed and none is missing before the last.

    Attributes:
        records: How many there are.
        head: Hash of the last one; who keeps it elsewhere notices when the last ones go.
    """

    records: int
    head: bytes


_Waiting: TypeAlias = tuple[AuditRecord, asyncio.Future[None]]


class AuditLog:
    """Writes records in groups; ``record`` returns when its own is committed.

    One task writes, which this object owns: use it in ``async with``.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: asyncio.Queue[_Waiting] = asyncio.Queue(MOST_WAITING)
        self._writer: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Start the writer."""
        self._writer = asyncio.create_task(self._write_all(), name="audit-log")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write what is waiting and end."""
        await self._waiting.join()
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)

    async def record(
        self,
        actor: Actor | None,
        address: str,
        action: str,
        subject: str,
        details: Mapping[str, JsonValue] | None = None,
    ) -> None:
        """Keep that somebody does something; when this returns, it is committed.

        Raises:
            SQLAlchemyError: The database did not take it: then it must not be done.
        """
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        name = NOBODY if actor is None else actor.name
        record = AuditRecord(name, address, action, subject, details or {}, datetime.now(UTC))
        await self._waiting.put((record, written))
        await written

    async def _write_all(self) -> None:
        while True:
            group = [await self._waiting.get()]
            while not self._waiting.empty():
                group.append(self._waiting.get_nowait())
            try:
                await self._write(group)
            finally:
                for _ in group:
                    self._waiting.task_done()

    async def _write(self, group: Sequence[_Waiting]) -> None:
        try:
            async with self._database.writing() as connection:
                await append_records(connection, [record for record, _ in group])
        except Exception as error:  # noqa: BLE001 - whoever waits gets it, whatever it is
            if isinstance(error, DataError) and len(group) > 1:
                # One that the database cannot hold must not cost the others theirs.
                for one in group:
                    await self._write([one])
                return
            for _, written in group:
                if not written.done():
                    written.set_exception(error)
        else:
            for _, written in group:
                if not written.done():
                    written.set_result(None)

    async def verify(self) -> VerifiedAudit:
        """Go through all records and return how many there are, all as they were written.

        Raises:
            TamperedAuditError: One was changed, or one is missing before it.
        """
        expected, before = 1, BEFORE_THE_FIRST
        async for row in self._all():
            if row.number != expected:
                raise TamperedAuditError(
                    f"audit record {expected} is missing: after {expected - 1} comes {row.number}"
                )
            if row.hash != _hash(before, row.number, _record(row)):
                raise TamperedAuditError(
                    f"audit record {row.number} was changed ({row.at.isoformat()}, {row.actor}, "
                    f"{row.action}): its hash does not fit"
                )
            expected, before = expected + 1, row.hash
        return VerifiedAudit(expected - 1, before)

    async def newest(self, limit: int, before: int | None) -> Sequence[Row[Any]]:
        """Return rows of records, newest first, from before a number on."""
        statement = select(audit_records).order_by(audit_records.c.number.desc()).limit(limit)
        if before is not None:
            statement = statement.where(audit_records.c.number < before)
        async with self._database.reading() as connection:
            return (await connection.execute(statement)).all()

    async def _all(self) -> AsyncIterator[Row[Any]]:
        last = -1
        while True:
            statement = (
                select(audit_records)
                .where(audit_records.c.number > last)
                .order_by(audit_records.c.number)
                .limit(ROWS_PER_READ)
            )
            async with self._database.reading() as connection:
                rows = (await connection.execute(statement)).all()
            for row in rows:
                yield row
            if len(rows) < ROWS_PER_READ:
                return
            last = rows[-1].number


async def append_records(connection: AsyncConnection, records: Sequence[AuditRecord]) -> None:
    """Add records at the end; whoever else writes waits until ``connection`` commits."""
    await connection.execute(_LOCK)
    last = (await connection.execute(_LAST)).one_or_none()
    number, before = (0, BEFORE_THE_FIRST) if last is None else (last.number, last.hash)
    rows = []
    for record in records:
        number += 1
        before = _hash(before, number, record)
        rows.append(
            {
                "number": number,
                "at": record.at,
                "actor": record.actor,
                "address": record.address,
                "action": record.action,
                "subject": record.subject,
                "details": dict(record.details),
                "hash": before,
            }
        )
    await connection.execute(audit_records.insert(), rows)


def _record(row: Row[Any]) -> AuditRecord:
    return AuditRecord(row.actor, row.address, row.action, row.subject, row.details, row.at)


def _hash(before: bytes, number: int, record: AuditRecord) -> bytes:
    said = [
        number,
        record.at.astimezone(UTC).isoformat(),
        record.actor,
        record.address,
        record.action,
        record.subject,
        _canonical(dict(record.details)),
    ]
    return hashlib.sha256(before + to_json(said)).digest()


def _canonical(value: JsonValue) -> JsonValue:
    """Return JSON in the one form that it has before and after it was in the database.

    There names are in another order, and 2e16 is a whole number.
    """
    match value:
        case dict():
            return {name: _canonical(value[name]) for name in sorted(value)}
        case list():
            return [_canonical(item) for item in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value
