"""The users in the database, and signing in with a password."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, func, select, update
from sqlalchemy.exc import IntegrityError
from ulid import ULID

from api.accounts.passwords import hash_password, is_password
from api.accounts.role import Role
from api.accounts.user import LOGIN_PATTERN, User
from api.database.account_tables import refresh_tokens, sessions, users
from api.database.database import Database
from streams.kit.errors import CityPatrolError

# Five wrong guesses, then a pause that doubles: a person is held up for a minute, a program that
# guesses gets under a hundred a day.
FREE_GUESSES = 5
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)

_SHOWN = (
    users.c.user_id,
    users.c.login,
    users.c.name,
    users.c.roles,
    users.c.unit_id,
    users.c.enabled,
    users.c.created_at,
    users.c.last_login_at,
)


class UserError(CityPatrolError):
    """A user that cannot be made or changed."""


class LoginError(CityPatrolError):
    """Somebody who may not sign in; says no more than they know already."""


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to be made.

    Attributes:
        login: What they sign in with.
        name: What they are called.
        password: Their password.
        roles: What they do.
        unit_id: Where they belong, or None for the whole district.
    """

    login: str
    name: str
    password: str
    roles: frozenset[Role]
    unit_id: str | None = None


class UserStore:
    """Makes, changes and lists users, and checks their passwords."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, new: NewUser) -> User:
        """Make a user.

        Raises:
            UserError: The login is taken or none.
            PasswordError: The password cannot be used.
        """
        if not LOGIN_PATTERN.fullmatch(new.login):
            raise UserError(
                f"login {new.login[:80]!r} is not 1 to 64 small letters, digits, dots, dashes or "
                "underscores"
            )
        row = {
            "user_id": str(ULID()),
            "login": new.login,
            "name": new.name,
            "password_hash": await hash_password(new.password),
            "roles": sorted(new.roles),
            "unit_id": new.unit_id,
        }
        try:
            async with self._database.writing() as connection:
                made = await connection.execute(users.insert().values(row).returning(*_SHOWN))
                return _user(made.mappings().one())
        except IntegrityError:
            raise UserError(f"login {new.login!r} is taken; choose another one") from None

    async def is_empty(self) -> bool:
        """Say whether nobody was ever made."""
        async with self._database.reading() as connection:
            found = await connection.execute(select(func.count()).select_from(users))
            return found.scalar_one() == 0

    async def all(self) -> list[User]:
        """Return all users by login."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(*_SHOWN).order_by(users.c.login))
            return [_user(row) for row in rows.mappings()]

    async def get(self, login: str) -> User | None:
        """Return the user with this login, or None."""
        async with self._database.reading() as connection:
            statement = select(*_SHOWN).where(users.c.login == login)
            row = (await connection.execute(statement)).mappings().one_or_none()
        return None if row is None else _user(row)

    async def set_roles(self, login: str, roles: Iterable[Role], unit_id: str | None) -> None:
        """Give a user other roles and another place.

        Raises:
            UserError: There is no such user.
        """
        await self._change(login, {"roles": sorted(roles), "unit_id": unit_id})

    async def set_password(self, login: str, password: str) -> None:
        """Give a user another password, sign them out everywhere and end a lock.

        Raises:
            UserError: There is no such user.
            PasswordError: The password cannot be used.
        """
        hashed = await hash_password(password)
        await self._change(
            login, {"password_hash": hashed, "failed_logins": 0, "locked_until": None}
        )

    async def disable(self, login: str) -> None:
        """Let a user in no more, and sign them out everywhere.

        Raises:
            UserError: There is no such user.
        """
        await self._change(login, {"enabled": False})

    async def enable(self, login: str) -> None:
        """Let a user in again.

        Raises:
            UserError: There is no such user.
        """
        await self._change(login, {"enabled": True})

    async def _change(self, login: str, values: dict[str, Any]) -> None:
        statement = (
            update(users).where(users.c.login == login).values(values).returning(users.c.user_id)
        )
        async with self._database.writing() as connection:
            changed = (await connection.execute(statement)).scalar_one_or_none()
            if changed is None:
                raise UserError(
                    f"no user has the login {login!r}; `citypatrol users list` shows all"
                )
            # Whatever they were allowed before, they show it again.
            for table in (sessions, refresh_tokens):
                await connection.execute(table.delete().where(table.c.user_id == changed))

    async def log_in(self, login: str, password: str) -> User:
        """Return the user whose login and password these are.

        Raises:
            LoginError: They are nobody's, or too many wrong ones came before.
        """
        now = datetime.now(UTC)
        statement = select(
            *_SHOWN, users.c.password_hash, users.c.failed_logins, users.c.locked_until
        ).where(users.c.login == login)
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
        if row is not None and row["locked_until"] is not None and row["locked_until"] > now:
            seconds = (row["locked_until"] - now).total_seconds()
            raise LoginError(
                f"too many wrong passwords for {login!r}; try again in {seconds:.0f} s"
            )
        right = await is_password(password, None if row is None else row["password_hash"])
        if row is None or not right or not row["enabled"]:
            if row is not None and not right:
                await self._count_failure(row, now)
            raise LoginError("login or password is wrong, or the account is closed")
        await self._note_success(row["user_id"], now)
        return _user(row)

    async def _count_failure(self, row: RowMapping, now: datetime) -> None:
        failed = row["failed_logins"] + 1
        values: dict[str, Any] = {"failed_logins": users.c.failed_logins + 1}
        if failed >= FREE_GUESSES:
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failed - FREE_GUESSES, 10))
            values["locked_until"] = now + pause
        async with self._database.writing() as connection:
            await connection.execute(
                update(users).where(users.c.user_id == row["user_id"]).values(values)
            )

    async def _note_success(self, user_id: str, now: datetime) -> None:
        values = {"failed_logins": 0, "locked_until": None, "last_login_at": now}
        async with self._database.writing() as connection:
            await connection.execute(update(users).where(users.c.user_id == user_id).values(values))


def _user(row: RowMapping) -> User:
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
