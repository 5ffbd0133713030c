"""The accounts here of people whom the provider vouches for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from api.accounts.oidc.group_roles import Granted, GroupRoles
from api.accounts.oidc.proved_person import ProvedPerson
from api.accounts.oidc.sign_in_failure import ProviderSignInError, SignInFailure
from api.accounts.passwords import PasswordHashing, new_password
from api.accounts.user import User
from api.accounts.user_rows import LOCK_ACCOUNTS, sign_out_everywhere, user_of
from api.database.account_tables import users
from api.database.database import Database


class AccountDeed(StrEnum):
    """What signing in did to an account, as the audit log calls it."""

    MADE = "make_user"
    CHANGED = "change_user"
    LINKED = "link_user"


@dataclass(frozen=True, slots=True)
class SignedInPerson:
    """Whoever signed in.

    Attributes:
        user: Their account.
        deed: What became of it, or None if it is as it was.
    """

    user: User
    deed: AccountDeed | None


class ProviderUsers:
    """Finds, links, makes and changes accounts as the provider says."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hashing = PasswordHashing()

    async def sign_in(self, person: ProvedPerson, groups: GroupRoles) -> SignedInPerson:
        """Return the account of somebody.

        They are known by the provider's id of them, else by their login, which ties an account
        that has none to that id. Who has no account gets one if their groups give roles; its roles
        and unit follow the groups from then on, until somebody gives it a password.

        Args:
            person: Whom the provider vouches for.
            groups: What groups give.

        Raises:
            ProviderSignInError: They have no account and get none, or it is closed, or their login
                is somebody else's.
        """
        # Slow by design, so before anybody waits; nobody knows the password.
        unknown = await self._hashing.hash(new_password())
        async with self._database.writing() as connection:
            await connection.execute(LOCK_ACCOUNTS)
            row = await _found(connection, person)
            if row is None:
                row = await _made(connection, person, _granted(person, groups), unknown)
                return SignedInPerson(user_of(row), AccountDeed.MADE)
            if not row["enabled"]:
                raise ProviderSignInError(
                    SignInFailure.CLOSED, f"the account {row['login']!r} is closed", row["login"]
                )
            changes: dict[str, Any] = {"last_login_at": datetime.now(UTC)}
            deed = None
            if row["subject"] is None:
                changes["subject"], deed = person.subject, AccountDeed.LINKED
            if row["follows_groups"]:
                followed = _followed(row, _granted(person, groups))
                if followed:
                    await sign_out_everywhere(connection, row["user_id"])
                    changes, deed = changes | followed, AccountDeed.CHANGED
            statement = update(users).where(users.c.user_id == row["user_id"]).values(changes)
            changed = await connection.execute(statement.returning(*users.c))
            return SignedInPerson(user_of(changed.mappings().one()), deed)


async def _found(connection: AsyncConnection, person: ProvedPerson) -> RowMapping | None:
    for column, value in ((users.c.subject, person.subject), (users.c.login, person.login)):
        found = await connection.execute(select(users).where(column == value))
        row = found.mappings().one_or_none()
        if row is None:
            continue
        if row["subject"] not in {None, person.subject}:
            raise ProviderSignInError(
                SignInFailure.NO_LOGIN,
                f"the login {person.login!r} belongs to another person of the provider",
                person.login,
            )
        return row
    return None


async def _made(
    connection: AsyncConnection, person: ProvedPerson, granted: Granted, password_hash: str
) -> RowMapping:
    row = {
        "user_id": str(ULID()),
        "login": person.login,
        "name": person.name,
        "password_hash": password_hash,
        "roles": sorted(granted.roles),
        "unit_id": granted.unit_id,
        "subject": person.subject,
        "follows_groups": True,
        "last_login_at": datetime.now(UTC),
    }
    made = await connection.execute(users.insert().values(row).returning(*users.c))
    return made.mappings().one()


def _followed(row: RowMapping, granted: Granted) -> dict[str, Any]:
    """Return what becomes different of an account that follows its groups."""
    wanted = {"roles": sorted(granted.roles), "unit_id": granted.unit_id}
    return {name: value for name, value in wanted.items() if row[name] != value}


def _granted(person: ProvedPerson, groups: GroupRoles) -> Granted:
    granted = groups.of(person.groups)
    if granted is None:
        raise ProviderSignInError(
            SignInFailure.NO_ROLE,
            f"the groups of {person.login!r} give no role; list one of them in the groups file, "
            "or make the account with `citypatrol users create`",
            person.login,
        )
    return granted
