"""Users, and how often their passwords may be guessed."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from api.accounts.guesses import FREE_GUESSES, MOST_STRANGERS, StrangersGuesses, pause_after
from api.accounts.passwords import PasswordError
from api.accounts.role import Role
from api.accounts.session_store import SessionStore
from api.accounts.user_store import (
    LastAdministratorError,
    LoginError,
    NewUser,
    PausedLoginError,
    Place,
    UserChanges,
    UserError,
    UserStore,
)
from api.database.database import Database
from tests.api.accounts.conftest import Run
from tests.api.running_api import PASSWORD, make_user

WRONG = "not the password of anybody"


def guess(run: Run, login: str, password: str, times: int = 1) -> list[str]:
    """Try a password so often, all at once; give what came of each."""

    async def one(users: UserStore) -> str:
        try:
            await users.log_in(login, password)
        except PausedLoginError:
            return "paused"
        except LoginError:
            return "wrong"
        return "in"

    async def all_of_them(database: Database) -> list[str]:
        users = UserStore(database)
        return sorted(await asyncio.gather(*(one(users) for _ in range(times))))

    return run(all_of_them)


def end_pause(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE users SET locked_until = now() - interval '1 second'")


def test_a_user_is_made_found_and_signs_in(run: Run):
    async def story(database: Database) -> None:
        users = UserStore(database)
        assert await users.is_empty()
        made = await users.create(
            NewUser("li.na", "李娜", PASSWORD, frozenset({Role.VIEWER}), "u1")
        )
        assert (await users.get("li.na"), await users.all()) == (made, [made])
        assert made.actor.unit_id == "u1"
        assert (await users.log_in("li.na", PASSWORD)).user_id == made.user_id
        entered = await users.get("li.na")
        assert entered is not None
        assert entered.last_login_at is not None
        with pytest.raises(UserError, match=r"'li\.na' is taken"):
            await users.create(NewUser("li.na", "x", PASSWORD, frozenset({Role.VIEWER})))

    run(story)


@pytest.mark.parametrize("login", ["", "Li", "-x", "a b", "a" * 65, "a\x00"])
def test_a_login_that_is_none(run: Run, login: str):
    async def make(database: Database) -> None:
        await UserStore(database).create(NewUser(login, "x", PASSWORD, frozenset()))

    with pytest.raises(UserError, match="is not 1 to 64 small letters"):
        run(make)
    assert guess(run, login, PASSWORD) == ["wrong"]


@pytest.mark.parametrize("password", ["", "fourteen chars", "x" * 257])
def test_a_password_that_cannot_be_used(run: Run, password: str):
    async def make(database: Database) -> None:
        await UserStore(database).create(NewUser("li.na", "x", password, frozenset()))

    with pytest.raises(PasswordError, match=f"15 to 256 characters, this one {len(password)}"):
        run(make)


def test_after_five_wrong_guesses_there_is_a_pause_and_then_a_longer_one(
    run: Run, database_url: str
):
    make_user(database_url, Role.VIEWER, login="li.na")
    for _ in range(FREE_GUESSES):
        assert guess(run, "li.na", WRONG) == ["wrong"]
    # The right one helps no more than a wrong one.
    assert guess(run, "li.na", PASSWORD) == ["paused"]
    end_pause(database_url)
    assert guess(run, "li.na", WRONG) == ["wrong"]
    with psycopg.connect(database_url) as connection:
        (seconds,) = connection.execute(
            "SELECT extract(epoch FROM locked_until - now()) FROM users"
        ).fetchone()
    assert 60 < seconds <= 120
    end_pause(database_url)
    assert guess(run, "li.na", PASSWORD) == ["in"]
    assert guess(run, "li.na", WRONG) == ["wrong"]
    assert guess(run, "li.na", PASSWORD) == ["in"]


@pytest.mark.parametrize("login", ["li.na", "nobody"])
def test_many_guesses_at_once_are_as_many(run: Run, database_url: str, login: str):
    make_user(database_url, Role.VIEWER, login="li.na")
    came = guess(run, login, WRONG, times=12)
    assert came == ["paused"] * (12 - FREE_GUESSES) + ["wrong"] * FREE_GUESSES


def test_pauses_grow_to_a_quarter_of_an_hour():
    minutes = [1, 2, 4, 8, 15, 15, 15]
    assert [pause_after(failed) for failed in range(1, 5)] == [None] * 4
    assert [pause_after(5 + turn) for turn in range(7)] == [
        timedelta(minutes=pause) for pause in minutes
    ]


def test_strangers_that_are_remembered_are_bounded():
    guesses, now = StrangersGuesses(), datetime.now(UTC)
    for _ in range(FREE_GUESSES):
        assert guesses.guess("first", now) is None
    assert guesses.guess("first", now) == timedelta(minutes=1)
    assert guesses.guess("first", now + timedelta(seconds=61)) is None
    for number in range(MOST_STRANGERS):
        guesses.guess(f"other-{number}", now)
    assert guesses.guess("first", now) is None


@pytest.mark.parametrize(
    ("changes", "password"),
    [
        (UserChanges(enabled=False), PASSWORD),
        (UserChanges(password="another sentence of words"), "another sentence of words"),
        (UserChanges(roles=frozenset({Role.AUDITOR})), PASSWORD),
        (UserChanges(place=Place("u2")), PASSWORD),
    ],
    ids=["disabled", "password", "roles", "place"],
)
def test_whoever_is_changed_is_signed_out(
    run: Run, database_url: str, changes: UserChanges, password: str
):
    user = make_user(database_url, Role.VIEWER, login="li.na", unit_id="u1")

    async def story(database: Database) -> None:
        users, sessions = UserStore(database), SessionStore(database)
        token = await sessions.begin(user)
        assert await sessions.actor(token) == user.actor
        changed = await users.change("li.na", changes)
        assert await sessions.actor(token) is None
        assert changed.roles == (changes.roles or user.roles)
        assert changed.unit_id == ("u1" if changes.place is None else "u2")
        if changes.enabled is False:
            with pytest.raises(LoginError, match="account is closed"):
                await users.log_in("li.na", password)
            await users.change("li.na", UserChanges(enabled=True))
        assert (await users.log_in("li.na", password)).login == "li.na"

    run(story)


def test_another_password_ends_a_pause_and_a_bad_one_changes_nothing(run: Run, database_url: str):
    make_user(database_url, Role.VIEWER, login="li.na")
    guess(run, "li.na", WRONG, times=FREE_GUESSES)
    assert guess(run, "li.na", PASSWORD) == ["paused"]

    async def change(database: Database) -> None:
        users = UserStore(database)
        with pytest.raises(PasswordError):
            await users.change("li.na", UserChanges(frozenset({Role.AUDITOR}), password="short"))
        user = await users.change("li.na", UserChanges(password=PASSWORD))
        assert user.roles == {Role.VIEWER}
        with pytest.raises(UserError, match="no user has the login 'nobody'"):
            await users.change("nobody", UserChanges(enabled=True))

    run(change)
    assert guess(run, "li.na", PASSWORD) == ["in"]


def test_no_password_is_shown():
    new = NewUser("li.na", "李娜", PASSWORD, frozenset())
    changes = UserChanges(password=PASSWORD, enabled=True)
    assert PASSWORD not in f"{new} {changes}"
    assert changes.shown == {"new_password": True, "enabled": True}


async def administrators(users: UserStore, *logins: str) -> None:
    for login in logins:
        await users.create(NewUser(login, login, PASSWORD, frozenset({Role.ADMINISTRATOR})))


@pytest.mark.parametrize(
    "changes",
    [
        UserChanges(enabled=False),
        UserChanges(roles=frozenset({Role.OPERATOR, Role.AUDITOR})),
        UserChanges(roles=frozenset({Role.VIEWER}), enabled=False, password=PASSWORD),
    ],
)
def test_the_last_administrator_stays_one(run: Run, changes: UserChanges):
    async def check(database: Database) -> None:
        users = UserStore(database)
        await administrators(users, "one", "two", "three")
        await users.change("two", UserChanges(enabled=False))
        await users.change("three", UserChanges(roles=frozenset({Role.VIEWER})))
        with pytest.raises(LastAdministratorError, match="'one' is the last administrator"):
            await users.change("one", changes)
        one = await users.get("one")
        assert one is not None
        assert (one.enabled, one.roles) == (True, frozenset({Role.ADMINISTRATOR}))
        # Once there is another one, it may go.
        await users.change("two", UserChanges(enabled=True))
        await users.change("one", changes)

    run(check)


def test_of_two_administrators_who_go_at_once_one_stays(run: Run):
    async def check(database: Database) -> None:
        users = UserStore(database)
        await administrators(users, "one", "two")
        done = await asyncio.gather(
            *(users.change(login, UserChanges(enabled=False)) for login in ("one", "two")),
            return_exceptions=True,
        )
        assert [type(one) for one in done if isinstance(one, BaseException)] == [
            LastAdministratorError
        ]
        assert sum(user.enabled for user in await users.all()) == 1

    run(check)


def test_whoever_follows_groups_is_no_administrator_to_rely_on(run: Run, database_url: str):
    make_user(database_url, Role.ADMINISTRATOR, login="by.groups", follows_groups=True)

    async def check(database: Database) -> None:
        users = UserStore(database)
        await administrators(users, "one")
        with pytest.raises(LastAdministratorError):
            await users.change("one", UserChanges(enabled=False))
        # With a password it is one of this node.
        await users.change("by.groups", UserChanges(password=PASSWORD))
        await users.change("one", UserChanges(enabled=False))

    run(check)
