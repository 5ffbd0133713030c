"""Sessions of the console: a random cookie, of which only the hash is kept."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from api.accounts.actor import Actor, ActorKind
from api.accounts.role import Role
from api.accounts.user import User
from api.database.account_tables import sessions, users
from api.database.database import Database

# A shift and its hand-over; the wall signs in with a key that lasts.
LIFETIME = timedelta(hours=12)
TOKEN_BYTES = 32


class SessionStore:
    """Begins, finds and ends sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, user: User) -> str:
        """Begin a session and return what its cookie holds; ended ones are cleaned away."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = datetime.now(UTC)
        row = {
            "token_sha256": digest(token),
            "user_id": user.user_id,
            "expires_at": now + LIFETIME,
        }
        async with self._database.writing() as connection:
            await connection.execute(sessions.delete().where(sessions.c.expires_at < now))
            await connection.execute(sessions.insert().values(row))
        return token

    async def actor(self, token: str) -> Actor | None:
        """Return whose session it is, or None if it is none or has ended."""
        statement = (
            select(users.c.login, users.c.roles, users.c.unit_id)
            .join_from(sessions, users, users.c.user_id == sessions.c.user_id)
            .where(
                sessions.c.token_sha256 == digest(token),
                sessions.c.expires_at > datetime.now(UTC),
                users.c.enabled,
            )
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is None:
            return None
        roles = frozenset(Role(role) for role in row.roles)
        return Actor(row.login, ActorKind.USER, roles=roles, unit_id=row.unit_id)

    async def end(self, token: str) -> None:
        """End a session."""
        async with self._database.writing() as connection:
            await connection.execute(
                sessions.delete().where(sessions.c.token_sha256 == digest(token))
            )


def digest(token: str) -> str:
    """Return what is kept of a random token: it has 256 bits, so that a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
