"""A city's tables, and a store for them."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from api.database.database import Database, database_address
from api.dispatch.dispatch_store import DispatchStore
from api.dispatch.settings import DispatchSettings
from api.grids.grid_store import GridStore
from models.catalogue.issue_catalogue import load_catalogue
from tests.api.dispatch.city_tables import CityTables

WithStore = Callable[[Callable[[DispatchStore, Database], Awaitable[Any]]], Any]


@pytest.fixture
def city(tmp_path: Path) -> CityTables:
    folder = tmp_path / "tables"
    folder.mkdir()
    return CityTables(folder)


@pytest.fixture
def with_store(database_url: str) -> WithStore:
    """Runs a coroutine with a store of a database of this test alone."""

    def run(ask: Callable[[DispatchStore, Database], Awaitable[Any]]) -> Any:
        async def run_once() -> Any:
            database = Database(database_address(database_url), connections=3)
            settings = DispatchSettings()
            try:
                store = DispatchStore(database, GridStore(database), load_catalogue(), settings)
                return await ask(store, database)
            finally:
                await database.close()

        return asyncio.run(run_once())

    return run
