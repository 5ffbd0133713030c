"""Keys of workers and other machines. Only their hashes are stored."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError

from api.accounts.actor import Actor, ActorKind
from api.accounts.role import KeyScope
from api.database.database import Database
from api.database.tables import worker_keys
from streams.kit.errors import CityPatrolError
from streams.words import IDENTIFIER_PATTERN

KEY_PREFIX = "cp_"
KEY_BYTES = 32
NAME_PATTERN = re.compile(IDENTIFIER_PATTERN)


class KeyNameError(CityPatrolError):
    """A key name that cannot be used."""


@dataclass(frozen=True, slots=True)
class WorkerKey:
    """What is known of a key, which is not the key itself."""

    name: str
    scopes: frozenset[KeyScope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class KeyStore:
    """The keys in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self, name: str, scopes: Iterable[KeyScope], expires_at: datetime | None = None
    ) -> str:
        """Make a key and return it; it cannot be read again later.

        Args:
            name: Whom it is for.
            scopes: What it may be used for.
            expires_at: When it ends by itself; None is never.

        Raises:
            KeyNameError: The name is taken or no proper name.
        """
        if not NAME_PATTERN.fullmatch(name):
            raise KeyNameError(
                f"key name {name!r} is not 1 to 64 letters, digits, dots, dashes or underscores"
            )
        key = KEY_PREFIX + secrets.token_urlsafe(KEY_BYTES)
        row = {
            "name": name,
            "key_sha256": _digest(key),
            "scopes": sorted(set(scopes)),
            "expires_at": expires_at,
        }
        try:
            async with self._database.writing() as connection:
                await connection.execute(worker_keys.insert().values(row))
        except IntegrityError:
            raise KeyNameError(
                f"a key named {name!r} was made before; choose another name, for a revoked key's "
                "name stays taken"
            ) from None
        return key

    async def revoke(self, name: str) -> None:
        """Make a key worthless from now on.

        Raises:
            KeyNameError: No valid key has this name.
        """
        statement = (
            update(worker_keys)
            .where(worker_keys.c.name == name, worker_keys.c.revoked_at.is_(None))
            .values(revoked_at=func.now())
        )
        async with self._database.writing() as connection:
            changed = (await connection.execute(statement)).rowcount
        if changed == 0:
            raise KeyNameError(
                f"no valid key is named {name!r}; `citypatrol keys list` shows the names"
            )

    async def all(self) -> list[WorkerKey]:
        """Return all keys, the revoked ones too, oldest first."""
        columns = worker_keys.c
        statement = select(
            columns.name, columns.scopes, columns.created_at, columns.expires_at, columns.revoked_at
        )
        async with self._database.reading() as connection:
            rows = await connection.execute(statement.order_by(columns.created_at, columns.name))
            return [WorkerKey(name, _scopes(scopes), *rest) for name, scopes, *rest in rows]

    async def actor(self, key: str) -> Actor | None:
        """Return whose valid key it is, or None if it is none."""
        digest = _digest(key)
        columns = worker_keys.c
        statement = select(columns.name, columns.scopes, columns.key_sha256).where(
            columns.key_sha256 == digest,
            columns.revoked_at.is_(None),
            or_(columns.expires_at.is_(None), columns.expires_at > func.now()),
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is None or not hmac.compare_digest(row.key_sha256, digest):
            return None
        return Actor(row.name, ActorKind.KEY, scopes=_scopes(row.scopes))


def _scopes(names: Iterable[str]) -> frozenset[KeyScope]:
    return frozenset(KeyScope(name) for name in names)


def _digest(key: str) -> str:
    # A key has 256 random bits, so that a plain hash is as hard to reverse as a slow one.
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
