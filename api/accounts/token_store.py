"""Tokens of the REST API: a short one that is signed, and one to get the next with."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt
from sqlalchemy import RowMapping, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
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


class UsedTokenError(LoginError):
    """A refresh token that was used before, so that all of its login were ended.

    Attributes:
        login: Whose it was.
    """

    def __init__(self, login: str) -> None:
        self.login = login
        super().__init__(
            "this refresh token was used before: all that came of its login have ended; "
            "sign in again"
        )


class TokenStore:
    """Gives tokens out and reads them back."""

    def __init__(self, database: Database, secret: SecretKey) -> None:
        self._database = database
        self._key = secret.for_purpose("access-tokens")

    async def issue(self, user: User) -> TokenPair:
        """Return the first pair of a login; ended ones are cleaned away."""
        async with self._database.writing() as connection:
            await connection.execute(
                refresh_tokens.delete().where(refresh_tokens.c.expires_at < datetime.now(UTC))
            )
            refresh = await _keep_refresh(connection, user.user_id, str(ULID()))
        return TokenPair(self.access_token(user.actor), refresh)

    async def refresh(self, token: str) -> TokenPair:
        """Return the next pair; one that was used before ends all that came of its login.

        Raises:
            UsedTokenError: It was used before: whoever holds the other one may have stolen it.
            LoginError: It is none or has ended.
        """
        statement = (
            update(refresh_tokens)
            .where(
                refresh_tokens.c.token_sha256 == digest(token),
                refresh_tokens.c.used_at.is_(None),
                refresh_tokens.c.expires_at > datetime.now(UTC),
                refresh_tokens.c.user_id == users.c.user_id,
                users.c.enabled,
            )
            .values(used_at=func.now())
            .returning(
                refresh_tokens.c.family,
                users.c.user_id,
                users.c.login,
                users.c.roles,
                users.c.unit_id,
            )
        )
        # The next one is kept in the same transaction: who uses a token at the same time waits
        # for it, and ends the next one too.
        async with self._database.writing() as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
            if row is not None:
                refresh = await _keep_refresh(connection, row["user_id"], row["family"])
                return TokenPair(self.access_token(_actor(row)), refresh)
        await self._refuse(token)
        raise LoginError("this refresh token has ended; sign in again")

    async def _refuse(self, token: str) -> None:
        owner = (
            select(refresh_tokens.c.family, users.c.login)
            .join_from(refresh_tokens, users, users.c.user_id == refresh_tokens.c.user_id)
            .where(
                refresh_tokens.c.token_sha256 == digest(token),
                refresh_tokens.c.used_at.is_not(None),
            )
        )
        async with self._database.writing() as connection:
            found = (await connection.execute(owner)).one_or_none()
            if found is None:
                return
            await connection.execute(
                refresh_tokens.delete().where(refresh_tokens.c.family == found.family)
            )
        raise UsedTokenError(found.login)

    def actor(self, token: str) -> Actor | None:
        """Return whose access token it is, or None if it is none or has ended."""
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                # When it was made says nothing: another node's clock may run ahead of this one's.
                options={"require": ["exp", "iss", "sub"], "verify_iat": False},
            )
            roles = frozenset(Role(role) for role in claims["roles"])
            return Actor(claims["sub"], ActorKind.USER, roles=roles, unit_id=claims["unit"])
        except (jwt.InvalidTokenError, KeyError, ValueError):
            # The latter two: by a version that knew other roles.
            return None

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


async def _keep_refresh(connection: AsyncConnection, user_id: str, family: str) -> str:
    refresh = secrets.token_urlsafe(REFRESH_BYTES)
    row = {
        "token_sha256": digest(refresh),
        "family": family,
        "user_id": user_id,
        "expires_at": datetime.now(UTC) + REFRESH_LIFETIME,
    }
    await connection.execute(refresh_tokens.insert().values(row))
    return refresh


def _actor(row: RowMapping) -> Actor:
    roles = frozenset(Role(role) for role in row["roles"])
    return Actor(row["login"], ActorKind.USER, roles=roles, unit_id=row["unit_id"])
