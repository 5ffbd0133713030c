"""Tokens of the REST API: a short one that is signed, and one to get the next with."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt
from sqlalchemy import RowMapping, func, select, update
from ulid import ULID

from api.accounts.actor import Actor, ActorKind
from api.accounts.role import Role
from api.accounts.secret_key import SecretKey
from api.accounts.session_store import digest
from api.accounts.user import User
from api.accounts.user_store import LoginError
from api.database.account_tables import refresh_tokens, users
from api.database.database import Database

# It is believed without asking the database, so a closed account ends within this time.
ACCESS_LIFETIME = timedelta(minutes=10)
REFRESH_LIFETIME = timedelta(days=7)
REFRESH_BYTES = 32
ALGORITHM = "HS256"
ISSUER = "citypatrol"


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a login gives.

    Attributes:
        access: Signed; sent with each request.
        refresh: Used once, for the next pair.
    """

    access: str
    refresh: str


class TokenStore:
    """Gives tokens out and reads them back."""

    def __init__(self, database: Database, secret: SecretKey) -> None:
        self._database = database
        self._key = secret.for_purpose("access-tokens")

    async def issue(self, user: User) -> TokenPair:
        """Return the first pair of a login."""
        return await self._pair(user.actor, user.user_id, str(ULID()))

    async def refresh(self, token: str) -> TokenPair:
        """Return the next pair; one that was used before ends all that came of its login.

        Raises:
            LoginError: It is none, has ended or was used before.
        """
        now = datetime.now(UTC)
        statement = (
            update(refresh_tokens)
            .where(
                refresh_tokens.c.token_sha256 == digest(token),
                refresh_tokens.c.used_at.is_(None),
                refresh_tokens.c.expires_at > now,
            )
            .values(used_at=func.now())
            .returning(refresh_tokens.c.family, refresh_tokens.c.user_id)
        )
        async with self._database.writing() as connection:
            used = (await connection.execute(statement)).one_or_none()
            if used is None:
                await self._end_family(token)
                raise LoginError("this refresh token has ended; sign in again")
            found = await connection.execute(
                select(users.c.login, users.c.roles, users.c.unit_id).where(
                    users.c.user_id == used.user_id, users.c.enabled
                )
            )
            row = found.mappings().one_or_none()
        if row is None:
            raise LoginError("the account is closed")
        return await self._pair(_actor(row), used.user_id, used.family)

    async def end(self, token: str) -> None:
        """End all that came of the login of a refresh token."""
        await self._end_family(token)

    def actor(self, token: str) -> Actor | None:
        """Return whose access token it is, or None if it is none or has ended."""
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                options={"require": ["exp", "sub"]},
            )
        except jwt.InvalidTokenError:
            return None
        roles = frozenset(Role(role) for role in claims["roles"])
        return Actor(claims["sub"], ActorKind.USER, roles=roles, unit_id=claims["unit"])

    def access_token(self, actor: Actor) -> str:
        """Return a token that is believed without asking the database."""
        now = datetime.now(UTC)
        claims = {
            "iss": ISSUER,
            "sub": actor.name,
            "roles": sorted(actor.roles),
            "unit": actor.unit_id,
            "iat": now,
            "exp": now + ACCESS_LIFETIME,
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)

    async def _pair(self, actor: Actor, user_id: str, family: str) -> TokenPair:
        now = datetime.now(UTC)
        refresh = secrets.token_urlsafe(REFRESH_BYTES)
        row = {
            "token_sha256": digest(refresh),
            "family": family,
            "user_id": user_id,
            "expires_at": now + REFRESH_LIFETIME,
        }
        async with self._database.writing() as connection:
            await connection.execute(
                refresh_tokens.delete().where(refresh_tokens.c.expires_at < now)
            )
            await connection.execute(refresh_tokens.insert().values(row))
        return TokenPair(self.access_token(actor), refresh)

    async def _end_family(self, token: str) -> None:
        family = (
            select(refresh_tokens.c.family)
            .where(refresh_tokens.c.token_sha256 == digest(token))
            .scalar_subquery()
        )
        # On a connection of its own: the caller's transaction may be given up.
        async with self._database.writing() as connection:
            await connection.execute(
                refresh_tokens.delete().where(refresh_tokens.c.family == family)
            )


def _actor(row: RowMapping) -> Actor:
    roles = frozenset(Role(role) for role in row["roles"])
    return Actor(row["login"], ActorKind.USER, roles=roles, unit_id=row["unit_id"])
