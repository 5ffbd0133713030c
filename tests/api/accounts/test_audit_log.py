"""The audit log: written in order, and whoever changes it is seen."""

import asyncio

import psycopg
import pytest
from sqlalchemy.exc import SQLAlchemyError

from api.accounts.actor import SYSTEM
from api.accounts.audit_log import AuditLog, TamperedAuditError, VerifiedAudit
from api.database.database import Database
from tests.api.accounts.conftest import Run

ADDRESS = "10.20.0.7"
# Names that JSONB orders in another way, and numbers that it writes in another way.
DETAILS = {"version": 3, "b": {"zz": 1, "a": [2e16, 0.25, None]}, "aa": "区域", "whole": 1.0}


def write(run: Run, *subjects: str) -> None:
    async def record(database: Database) -> None:
        async with AuditLog(database) as log:
            for subject in subjects:
                await log.record(SYSTEM, ADDRESS, "replace_camera", subject, DETAILS)

    run(record)


def verified(run: Run) -> VerifiedAudit:
    return run(lambda database: AuditLog(database).verify())


def tamper(database_url: str, statement: str) -> None:
    """Do what nobody may, as the owner of the database can."""
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE audit_records DISABLE TRIGGER ALL")
        connection.execute(statement)
        connection.execute("ALTER TABLE audit_records ENABLE TRIGGER ALL")


def test_what_is_written_is_verified_and_read_newest_first(run: Run):
    empty = verified(run)
    assert (empty.records, empty.head) == (0, bytes(32))
    write(run, "gate", "quay", "bridge")
    whole = verified(run)
    assert whole.records == 3
    rows = run(lambda database: AuditLog(database).newest(2, None))
    assert [(row.number, row.subject) for row in rows] == [(3, "bridge"), (2, "quay")]
    assert rows[0].hash == whole.head
    assert (rows[0].actor, rows[0].address, rows[0].details) == ("citypatrol", ADDRESS, DETAILS)
    rows = run(lambda database: AuditLog(database).newest(2, 2))
    assert [row.number for row in rows] == [1]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit_records SET actor = 'li.na' WHERE number = 2", "record 2 was changed"),
        ("UPDATE audit_records SET at = now() WHERE number = 1", "record 1 was changed"),
        ("UPDATE audit_records SET details = '{}' WHERE number = 3", "record 3 was changed"),
        ("UPDATE audit_records SET hash = sha256('x') WHERE number = 2", "record 2 was changed"),
        ("DELETE FROM audit_records WHERE number = 2", "record 2 is missing"),
        ("DELETE FROM audit_records WHERE number = 1", "record 1 is missing"),
        ("UPDATE audit_records SET number = 9 WHERE number = 3", "record 3 is missing"),
    ],
)
def test_what_was_changed_is_named(run: Run, database_url: str, statement: str, said: str):
    write(run, "gate", "quay", "bridge")
    tamper(database_url, statement)
    with pytest.raises(TamperedAuditError, match=said):
        verified(run)


def test_records_cut_off_at_the_end_show_by_the_last_hash(run: Run, database_url: str):
    write(run, "gate", "quay")
    before = verified(run)
    tamper(database_url, "DELETE FROM audit_records WHERE number = 2")
    write(run, "bridge")
    after = verified(run)
    assert after.records == before.records
    assert after.head != before.head


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_records SET actor = 'x'", "DELETE FROM audit_records"]
)
def test_the_database_refuses_to_change_records(run: Run, database_url: str, statement: str):
    write(run, "gate")
    with (
        psycopg.connect(database_url) as connection,
        pytest.raises(psycopg.errors.RaiseException, match="audit_records only grows"),
    ):
        connection.execute(statement)
    assert verified(run).records == 1


def test_two_logs_write_at_once_without_gaps(run: Run):
    async def record(database: Database) -> None:
        async with AuditLog(database) as first, AuditLog(database) as second:
            await asyncio.gather(
                *(
                    log.record(None, ADDRESS, "log_in_refused", f"{name}-{number}")
                    for number in range(100)
                    for name, log in (("first", first), ("second", second))
                )
            )

    run(record)
    assert verified(run).records == 200


def test_a_record_that_cannot_be_kept_costs_no_other_its_own(run: Run):
    async def record(database: Database) -> list[object]:
        async with AuditLog(database) as log:
            return await asyncio.gather(
                *(
                    log.record(None, ADDRESS, "log_in_refused", subject)
                    for subject in ("a", "b\x00", "c")
                ),
                return_exceptions=True,
            )

    came = run(record)
    assert [isinstance(one, SQLAlchemyError | ValueError) for one in came] == [False, True, False]
    assert verified(run).records == 2


def test_whoever_cannot_be_recorded_hears_of_it(run: Run, database_url: str):
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE audit_records RENAME TO gone")
    with pytest.raises(SQLAlchemyError, match="audit_records"):
        write(run, "gate")
