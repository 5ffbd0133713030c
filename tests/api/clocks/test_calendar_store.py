"""Imported days in the database."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from api.clocks.calendar_day import CalendarDay, DayKind
from api.clocks.calendar_store import CalendarStore
from api.clocks.clock_settings import ClockSettings
from api.database.database import Database, database_address

MONDAY = date(2026, 10, 12)
OWN = CalendarDay(MONDAY, DayKind.HOLIDAY, "市运会")
NEXT_YEAR = CalendarDay(date(2027, 10, 9), DayKind.WORKDAY)


def with_stores(url: str, use: Callable[[CalendarStore, CalendarStore], Awaitable[None]]) -> None:
    """Run something with the stores of two nodes on one database."""

    async def run() -> None:
        nodes = [Database(database_address(url), connections=1) for _ in range(2)]
        try:
            await use(*(CalendarStore(node, ClockSettings()) for node in nodes))
        finally:
            for node in nodes:
                await node.close()

    asyncio.run(run())


def test_imported_days_come_back_in_order(database_url: str):
    async def use(store: CalendarStore, other: CalendarStore) -> None:
        assert await store.all() == ()
        await store.replace([NEXT_YEAR, OWN])
        assert await other.all() == (OWN, NEXT_YEAR)

    with_stores(database_url, use)


def test_import_replaces_only_its_years(database_url: str):
    async def use(store: CalendarStore, other: CalendarStore) -> None:
        await store.replace([OWN, NEXT_YEAR])
        moved = CalendarDay(MONDAY + timedelta(days=1), DayKind.HOLIDAY, "市运会")
        await store.replace([moved])
        assert await store.all() == (moved, NEXT_YEAR)
        await store.replace_year(2027, [])
        assert await store.all() == (moved,)

    with_stores(database_url, use)


def test_calendar_follows_the_table_and_is_kept_meanwhile(database_url: str):
    async def use(store: CalendarStore, other: CalendarStore) -> None:
        before = await store.calendar()
        assert before.is_working_day(MONDAY)
        assert await store.calendar() is before
        await other.replace([OWN])
        after = await store.calendar()
        assert not after.is_working_day(MONDAY)
        assert await store.calendar() is after
        await other.replace_year(2026, [])
        assert (await store.calendar()).is_working_day(MONDAY)

    with_stores(database_url, use)


def test_calendar_is_read_within_a_transaction(database_url: str):
    """With one connection in the pool, a second one would never come."""

    async def run() -> None:
        database = Database(database_address(database_url), connections=1)
        async with database.writing() as connection:
            calendar = await CalendarStore(database, ClockSettings()).calendar_seen_by(connection)
        await database.close()
        start = datetime(2026, 10, 12, tzinfo=UTC)
        assert calendar.working_seconds(start, start + timedelta(days=1)) == 8 * 3600

    asyncio.run(run())


def test_imports_of_one_year_take_turns(database_url: str):
    several = [CalendarDay(MONDAY + timedelta(days=n), DayKind.HOLIDAY) for n in range(30)]

    async def use(store: CalendarStore, other: CalendarStore) -> None:
        await asyncio.gather(*(one.replace(several) for one in [store, other] * 5))
        assert await store.all() == tuple(several)

    with_stores(database_url, use)


def test_unknown_kind_cannot_be_stored(database_url: str):
    with (
        psycopg.connect(database_url) as connection,
        pytest.raises(psycopg.errors.CheckViolation, match="ck_calendar_days_kind"),
    ):
        connection.execute("INSERT INTO calendar_days (day, kind) VALUES ('2026-10-12', 'off')")
