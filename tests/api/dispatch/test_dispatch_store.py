"""The tables in the database: all or nothing, and read anew once they changed."""

import asyncio

import pytest
from sqlalchemy import text

from api.database.database import Database
from api.dispatch.dispatch_store import DispatchStore, OrphanedComponentsError
from api.dispatch.resolution import Matter
from api.dispatch.table_faults import TableFaultsError
from api.dispatch.table_import import import_tables
from tests.api.dispatch.city_tables import ORGANISATION, CityTables
from tests.api.dispatch.conftest import WithStore
from tests.api.dispatch.test_dispatcher import IN_WEST, NOON


async def department(store: DispatchStore, database: Database, issue_code: str) -> str:
    async with database.reading() as connection:
        dispatcher = await store.dispatcher(connection)
        found = await dispatcher.resolve(Matter(issue_code, *IN_WEST, NOON))
        return found.department.unit_id


async def counts(database: Database) -> list[int]:
    names = ("organisation_units", "responsibilities", "duty_roster", "grids", "components")
    async with database.reading() as connection:
        return [
            (await connection.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one()
            for name in names
        ]


def test_report_counts_what_came(city: CityTables, with_store: WithStore):
    async def ask(store: DispatchStore, database: Database) -> tuple[list[str], list[int]]:
        report = await import_tables(store, city.reader())
        return [str(one) for one in report.counts], await counts(database)

    told, stored = with_store(ask)
    assert told == ["units: 9", "responsibilities: 1", "shifts: 2", "cells: 3", "components: 1"]
    assert stored == [9, 1, 2, 3, 1]


def test_a_new_import_is_seen_by_who_read_the_old_one(city: CityTables, with_store: WithStore):
    async def ask(store: DispatchStore, database: Database) -> list[str]:
        await import_tables(store, city.reader())
        found = [await department(store, database, "09001")]
        city.write(
            "responsibilities.csv",
            "issue_pattern,unit_id,hours\n09001,police,08:00-13:00\n09001,team,\n",
        )
        await import_tables(store, city.reader())
        found.append(await department(store, database, "09001"))
        city.write("responsibilities.csv", "issue_pattern,unit_id\n*,sanitation\n")
        await import_tables(store, city.reader())
        return [*found, await department(store, database, "09001")]

    assert with_store(ask) == ["team", "police", "sanitation"]


def test_files_left_out_leave_their_tables(city: CityTables, with_store: WithStore):
    async def ask(store: DispatchStore, database: Database) -> list[int]:
        await import_tables(store, city.reader())
        for name in ("responsibilities.csv", "roster.csv", "components.csv", "grids.geojson"):
            city.remove(name)
        city.add("organisation.csv", "night,夜班,Night,station,west_town,,")
        report = await import_tables(store, city.reader())
        assert str(report.counts[-1]) == "components: left as they are"
        assert await department(store, database, "09001") == "team"
        return await counts(database)

    assert with_store(ask) == [10, 1, 2, 3, 1]


def test_empty_file_empties_its_table(city: CityTables, with_store: WithStore):
    async def ask(store: DispatchStore, database: Database) -> list[int]:
        await import_tables(store, city.reader())
        city.write("roster.csv", "unit_id,person,starts_at,ends_at\n")
        city.write("components.csv", "component_id,lon,lat\n")
        await import_tables(store, city.reader())
        return await counts(database)

    assert with_store(ask) == [9, 1, 0, 3, 0]


def test_fault_changes_nothing(city: CityTables, with_store: WithStore):
    async def ask(store: DispatchStore, database: Database) -> list[int]:
        await import_tables(store, city.reader())
        city.add("organisation.csv", "night,夜班,Night,station,west_town,,")
        city.add("roster.csv", "nobody,a,2026-01-01,2026-01-02")
        with pytest.raises(TableFaultsError, match="unit_id 'nobody'"):
            await import_tables(store, city.reader())
        return await counts(database)

    assert with_store(ask) == [9, 1, 2, 3, 1]


def test_imports_and_readers_at_the_same_time_take_turns(city: CityTables, with_store: WithStore):
    async def ask(store: DispatchStore, database: Database) -> list[object]:
        await import_tables(store, city.reader())
        several = [store.replace(city.read().tables) for _ in range(3)]
        readers = [department(store, database, "09001") for _ in range(5)]
        return await asyncio.gather(*several, *readers)

    assert with_store(ask) == [None] * 3 + ["team"] * 5


def test_components_that_stay_keep_their_unit(city: CityTables, with_store: WithStore):
    async def ask(store: DispatchStore, database: Database) -> list[int]:
        await import_tables(store, city.reader())
        city.remove("components.csv")
        city.write("organisation.csv", ORGANISATION.replace("\nsanitation,", "\nsanitary,"))
        city.write("roster.csv", "unit_id,person,starts_at,ends_at\n")
        with pytest.raises(OrphanedComponentsError, match="kept by 'sanitation', which"):
            await import_tables(store, city.reader())
        return await counts(database)

    assert with_store(ask) == [9, 1, 2, 3, 1]


def test_paths_and_shifts_come_back_as_they_were(city: CityTables, with_store: WithStore):
    async def ask(store: DispatchStore, database: Database) -> str:
        await import_tables(store, city.reader())
        read = city.read().tables
        stored = await store.stored()
        assert list(stored.shifts) == read.shifts
        assert list(stored.responsibilities) == read.responsibilities
        async with database.reading() as connection:
            found = text("SELECT path FROM organisation_units WHERE unit_id = 'team'")
            return (await connection.execute(found)).scalar_one()

    assert with_store(ask) == "/city/district/west_town/team/"
