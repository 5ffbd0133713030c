"""Records whose transactions commit in another order than they were numbered."""

import asyncio
from collections.abc import Awaitable, Callable

import psycopg
import pytest

from api.database.database import Database, database_address
from api.webhooks.flow_position import FlowMark, is_settled, take_mark

INSERT = (
    "INSERT INTO case_flow (case_id, round, action, kind, to_state, actor, details, at) "
    "VALUES ('c', 1, 'urge', 'note', 'reported', 'li.na', '{}', now()) RETURNING flow_id"
)


def written(connection: psycopg.Connection) -> int:
    return connection.execute(INSERT).fetchone()[0]


def asked(address: str, ask: Callable[[Database], Awaitable]):
    async def run():
        database = Database(database_address(address), connections=1)
        try:
            return await ask(database)
        finally:
            await database.close()

    return asyncio.run(run())


def mark_beyond(address: str, position: int) -> FlowMark | None:
    async def ask(database: Database) -> FlowMark | None:
        async with database.writing() as connection:
            return await take_mark(connection, position)

    return asked(address, ask)


def settled(address: str, mark: FlowMark) -> bool:
    async def ask(database: Database) -> bool:
        async with database.reading() as connection:
            return await is_settled(connection, mark)

    return asked(address, ask)


def test_nothing_new_needs_no_mark(database_url: str):
    assert mark_beyond(database_url, 0) is None
    with psycopg.connect(database_url) as connection:
        flow_id = written(connection)
    assert mark_beyond(database_url, flow_id) is None
    assert mark_beyond(database_url, flow_id - 1).flow_id == flow_id


@pytest.mark.parametrize("ends", ["commit", "rollback"])
def test_mark_waits_for_an_earlier_record_that_is_not_committed(database_url: str, ends: str):
    with psycopg.connect(database_url) as slow, psycopg.connect(database_url) as quick:
        # The one with the earlier record begins later: what orders them is the record.
        quick.execute("SELECT pg_current_xact_id()")
        early = written(slow)
        late = written(quick)
        assert early < late
        quick.commit()
        mark = mark_beyond(database_url, 0)
        assert mark.flow_id == late
        assert not settled(database_url, mark)
        assert not settled(database_url, mark)
        getattr(slow, ends)()
        assert settled(database_url, mark)


def test_readers_and_later_writers_hold_nothing_up(database_url: str):
    with psycopg.connect(database_url) as reading, psycopg.connect(database_url) as later:
        with psycopg.connect(database_url) as connection:
            written(connection)
        reading.execute("SELECT * FROM case_flow")
        mark = mark_beyond(database_url, 0)
        written(later)
        assert settled(database_url, mark)
