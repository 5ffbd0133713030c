"""The users in the database, and signing in with a password."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import JsonValue
from sqlalchemy import Case, RowMapping, case, func, null, or_, select, update
from sqlalchemy.exc import IntegrityError
from ulid import ULID

from api.accounts.guesses import FREE_GUESSES, PAUSES, StrangersGuesses
from api.accounts.passwords import PasswordHashing
from api.accounts.role import Role
from api.accounts.user import LOGIN_PATTERN, User
from api.accounts.user_rows import (
    LOCK_ACCOUNTS,
    is_administered,
    sign_out_everywhere,
    user_of,
)
from api.database.account_tables import users
from api.database.database import Database
from streams.kit.errors import CityPatrolError

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


class LastAdministratorError(CityPatrolError):
    """A change after which nobody could look after users."""

    def __init__(self, login: str) -> None:
        super().__init__(
            f"{login!r} is the last administrator of this node who may sign in; make another one "
            "first: `citypatrol users create NAME --role administrator`"
        )


class LoginError(CityPatrolError):
    """Somebody who may not sign in; says no more than they know already."""


class PausedLoginError(LoginError):
    """Nobody may sign in with this login for a while, for it was guessed at too often.

    Attributes:
        seconds: For how long.
    """

    def __init__(self, login: str, pause: timedelta) -> None:
        self.seconds = max(1, round(pause.total_seconds()))
        super().__init__(f"too many wrong passwords for {login!r}; try again in {self.seconds} s")


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
    password: str = field(repr=False)
    roles: frozenset[Role]
    unit_id: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a user belongs.

    Attributes:
        unit_id: The organisation's unit, or None for the whole district.
    """

    unit_id: str | None


@dataclass(frozen=True, slots=True)
class UserChanges:
    """What becomes different of a user; what is None stays.

    Attributes:
        roles: What they do.
        place: Where they belong.
        password: Their password; another one ends a pause after wrong ones.
        enabled: Whether they may sign in.
    """

    roles: frozenset[Role] | None = None
    place: Place | None = None
    password: str | None = field(default=None, repr=False)
    enabled: bool | None = None

    @property
    def shown(self) -> dict[str, JsonValue]:
        """What the audit log keeps of it, which of a password is only that there is one."""
        said: dict[str, JsonValue] = {}
        if self.roles is not None:
            said["roles"] = [*sorted(self.roles)]
        if self.place is not None:
            said["unit_id"] = self.place.unit_id
        if self.password is not None:
            said["new_password"] = True
        if self.enabled is not None:
            said["enabled"] = self.enabled
        return said


class UserStore:
    """Makes, changes and lists users, and checks their passwords."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hashing = PasswordHashing()
        self._strangers = StrangersGuesses()

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
            "password_hash": await self._hashing.hash(new.password),
            "roles": sorted(new.roles),
            "unit_id": new.unit_id,
        }
        try:
            async with self._database.writing() as connection:
                await connection.execute(LOCK_ACCOUNTS)
                made = await connection.execute(users.insert().values(row).returning(*_SHOWN))
                return user_of(made.mappings().one())
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
            return [user_of(row) for row in rows.mappings()]

    async def get(self, login: str) -> User | None:
        """Return the user with this login, or None."""
        async with self._database.reading() as connection:
            statement = select(*_SHOWN).where(users.c.login == login)
            row = (await connection.execute(statement)).mappings().one_or_none()
        return None if row is None else user_of(row)

    async def change(self, login: str, changes: UserChanges) -> User:
        """Change a user, all of it or nothing, and sign them out everywhere.

        Raises:
            UserError: There is no such user.
            LastAdministratorError: Nobody would be left who looks after users.
            PasswordError: The password cannot be used.
        """
        values = await self._changed(changes)
        statement = (
            update(users)
            .where(users.c.login == login)
            .values(values or {"login": login})
            .returning(*_SHOWN)
        )
        async with self._database.writing() as connection:
            # Two who go at once would each leave it to the other.
            await connection.execute(LOCK_ACCOUNTS)
            was_administered = await is_administered(connection)
            row = (await connection.execute(statement)).mappings().one_or_none()
            if row is None:
                raise UserError(
                    f"no user has the login {login!r}; `citypatrol users list` shows all"
                )
            if was_administered and not await is_administered(connection):
                raise LastAdministratorError(login)
            await sign_out_everywhere(connection, row["user_id"])
        return user_of(row)

    async def _changed(self, changes: UserChanges) -> dict[str, Any]:
        values: dict[str, Any] = {}
        if changes.roles is not None:
            values["roles"] = sorted(changes.roles)
        if changes.place is not None:
            values["unit_id"] = changes.place.unit_id
        if changes.password is not None:
            values["password_hash"] = await self._hashing.hash(changes.password)
            # It becomes an account of this node, whatever the provider says of groups.
            values |= {"failed_logins": 0, "locked_until": None, "follows_groups": False}
        if changes.enabled is not None:
            values["enabled"] = changes.enabled
        return values

    async def log_in(self, login: str, password: str) -> User:
        """Return the user whose login and password these are.

        Raises:
            PausedLoginError: Too many wrong ones came before.
            LoginError: They are nobody's.
        """
        now = datetime.now(UTC)
        row = await self._guess(login, now) if LOGIN_PATTERN.fullmatch(login) else None
        right = await self._hashing.fits(password, None if row is None else row["password_hash"])
        if row is None or not right or not row["enabled"]:
            raise LoginError("login or password is wrong, or the account is closed")
        values = {"failed_logins": 0, "locked_until": None, "last_login_at": now}
        async with self._database.writing() as connection:
            await connection.execute(
                update(users).where(users.c.user_id == row["user_id"]).values(values)
            )
        return user_of(row)

    async def _guess(self, login: str, now: datetime) -> RowMapping | None:
        """Count a guess before it is checked, so that many at once are as many.

        Raises:
            PausedLoginError: It comes during a pause.
        """
        own = users.c.login == login
        paused = users.c.locked_until > now
        guessed = (
            update(users)
            .where(own, or_(users.c.locked_until.is_(None), ~paused))
            .values(failed_logins=users.c.failed_logins + 1, locked_until=_locked_until(now))
            .returning(*_SHOWN, users.c.password_hash)
        )
        async with self._database.writing() as connection:
            row = (await connection.execute(guessed)).mappings().one_or_none()
            if row is not None:
                return row
            found = await connection.execute(select(users.c.locked_until).where(own, paused))
            until: datetime | None = found.scalar_one_or_none()
        pause = self._strangers.guess(login, now) if until is None else until - now
        if pause is not None:
            raise PausedLoginError(login, pause)
        return None


def _locked_until(now: datetime) -> Case[Any]:
    """Say until when nobody may guess, once the guess that is counted turns out wrong."""
    failed = users.c.failed_logins + 1
    return case(
        (failed < FREE_GUESSES, null()),
        *((failed == FREE_GUESSES + turn, now + pause) for turn, pause in enumerate(PAUSES)),
        else_=now + PAUSES[-1],
    )
