"""Who may use a small district: keys for its worker and its own requests, and a guest."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from api.accounts.key_store import KeyStore
from api.accounts.passwords import new_password
from api.accounts.role import KeyScope, Role
from api.accounts.user_store import NewUser, UserStore
from api.database.database import Database, visited_database
from api.settings import ApiSettings

GUEST = "demo"
# All that somebody may want to try out, and no more: accounts and the audit log are not shown.
GUEST_ROLES = frozenset(
    {
        Role.VIEWER,
        Role.DISPATCHER,
        Role.ACCEPTOR,
        Role.SHIFT_LEAD,
        Role.COLLECTOR,
        Role.DEPARTMENT,
        Role.HANDLER,
        Role.SUPERVISOR,
        Role.EVALUATOR,
        Role.OPERATOR,
    }
)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class DistrictKeys:
    """The keys of a district.

    Attributes:
        own: For what its operator asks and sends.
        worker: For its worker.
    """

    own: str = field(repr=False)
    worker: str = field(repr=False)


def make_keys(folder: Path) -> DistrictKeys:
    """Make the keys, in the database of the API whose data lie in ``folder``."""

    async def make(database: Database) -> DistrictKeys:
        keys = KeyStore(database)
        return DistrictKeys(
            own=await keys.create("district", [KeyScope.OPERATE, KeyScope.READ]),
            worker=await keys.create("district-worker", [KeyScope.WORKER]),
        )

    return visiting(folder, make)


def make_guest(folder: Path) -> None:
    """Make the user whom everybody is that opens the demo; nobody knows the password."""

    async def make(database: Database) -> None:
        await UserStore(database).create(NewUser(GUEST, "Demo", new_password(), GUEST_ROLES))

    visiting(folder, make)


def visiting(folder: Path, make: Callable[[Database], Awaitable[Value]]) -> Value:
    """Do something with the database of the API whose data lie in ``folder``; it may run or not."""

    async def run(database: Database) -> Value:
        try:
            return await make(database)
        finally:
            await database.close()

    with visited_database(ApiSettings(data_dir=folder)) as url:
        return asyncio.run(run(Database(url, connections=1)))
