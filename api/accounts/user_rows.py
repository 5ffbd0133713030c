"""Rows of users, as every part of this room reads and changes them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import not_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.accounts.role import Role
from api.accounts.user import User
from api.database.account_tables import refresh_tokens, sessions, users

# Number of PostgreSQL's advisory lock that lets one at a time change what accounts may do: of two
# who each take the role from one of the last two administrators, the second sees what is left.
ACCOUNTS_LOCK = 4_701_011

LOCK_ACCOUNTS = text(f"SELECT pg_advisory_xact_lock({ACCOUNTS_LOCK})")
"""Waits for whoever changes accounts; the lock goes with the transaction."""


def user_of(row: Mapping[Any, Any]) -> User:
    """Return the user of a row."""
    return User(
        user_id=row["user_id"],
        login=row["login"],
        name=row["name"],
        roles=frozenset(Role(role) for role in row["roles"]),
        unit_id=row["unit_id"],
        enabled=row["enabled"],
        created_at=row["created_at"],
        last_login_at=row["last_login_at"],
    )


_ADMINISTRATORS = (
    select(users.c.user_id)
    # Who follows the provider's groups is an administrator for as long as the provider says so.
    .where(users.c.enabled, not_(users.c.follows_groups))
    .where(users.c.roles.contains([Role.ADMINISTRATOR]))
    .limit(1)
)


async def is_administered(connection: AsyncConnection) -> bool:
    """Say whether anybody may sign in who looks after users."""
    return (await connection.execute(_ADMINISTRATORS)).first() is not None


async def sign_out_everywhere(connection: AsyncConnection, user_id: str) -> None:
    """End every session and refresh token of a user: they show what they were allowed before."""
    for table in (sessions, refresh_tokens):
        await connection.execute(table.delete().where(table.c.user_id == user_id))
