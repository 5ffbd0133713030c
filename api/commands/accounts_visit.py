"""What the commands for users, keys and the audit log do straight in the database."""

import asyncio
import getpass
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import JsonValue

from api.accounts.actor import SYSTEM
from api.accounts.audit_log import AuditLog
from api.accounts.key_store import KeyStore
from api.accounts.user_store import UserStore
from api.database.database import Database, visited_database
from api.settings import ApiSettings

# In place of a network address: whoever runs a command sits at the machine.
TERMINAL = "terminal"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Accounts:
    """The stores of a database that a command visits.

    Attributes:
        users: People who sign in.
        keys: Keys of machines.
        audit: Who did what.
    """

    users: UserStore
    keys: KeyStore
    audit: AuditLog

    async def record(
        self, action: str, subject: str, details: Mapping[str, JsonValue] | None = None
    ) -> None:
        """Keep what a command did, and as which user of this machine."""
        said = {**(details or {}), "system_user": _system_user()}
        await self.audit.record(SYSTEM, TERMINAL, action, subject, said)


def visit_accounts(settings: ApiSettings, ask: Callable[[Accounts], Awaitable[Value]]) -> Value:
    """Open the database, ask or change something there, and close it.

    Raises:
        DatabaseError: The address is wrong or nothing answers there.
    """

    async def run(database: Database) -> Value:
        try:
            async with AuditLog(database) as audit:
                return await ask(Accounts(UserStore(database), KeyStore(database), audit))
        finally:
            await database.close()

    with visited_database(settings) as url:
        return asyncio.run(run(Database(url, connections=1)))


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # In a container the user may have a number and no name.
        return str(os.getuid())
