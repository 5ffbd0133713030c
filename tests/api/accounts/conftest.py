"""Stores on a database of their own, each in the one event loop of its test."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from api.database.database import Database, database_address

Value = TypeVar("Value")
Run = Callable[[Callable[[Database], Awaitable[Value]]], Value]


@pytest.fixture
def run(database_url: str) -> Run:
    """Do something with the database, which is closed afterwards."""

    def run_once(do: Callable[[Database], Awaitable[Value]]) -> Value:
        async def opened() -> Value:
            database = Database(database_address(database_url), connections=4)
            try:
                return await do(database)
            finally:
                await database.close()

        return asyncio.run(opened())

    return run_once
