"""Access tokens, and the refresh tokens that are good once."""

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta

import jwt
import psycopg
import pytest

from api.accounts.role import Role
from api.accounts.secret_key import SecretKey
from api.accounts.token_store import ALGORITHM, ISSUER, TokenPair, TokenStore, UsedTokenError
from api.accounts.user_store import LoginError, UserChanges, UserStore
from api.database.database import Database
from tests.api.accounts.conftest import Run
from tests.api.running_api import PASSWORD, RunningApi, make_user

SECRET = SecretKey(b"0" * 32)
KEY = SECRET.for_purpose("access-tokens")


def claims(**changes: object) -> dict[str, object]:
    now = datetime.now(UTC)
    whole = {
        "iss": ISSUER,
        "sub": "li.na",
        "roles": ["viewer"],
        "unit": None,
        "exp": now + timedelta(minutes=1),
    }
    return {name: value for name, value in {**whole, **changes}.items() if value != "left out"}


def without_signature(said: dict[str, object]) -> str:
    return jwt.encode(said, None, algorithm="none")


def parts(value: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_an_access_token_is_whose_it_says(run: Run, database_url: str):
    user = make_user(database_url, Role.VIEWER, Role.OPERATOR, unit_id="u1")

    async def story(database: Database) -> None:
        tokens = TokenStore(database, SECRET)
        pair = await tokens.issue(user)
        assert tokens.actor(pair.access) == user.actor
        assert TokenStore(database, SecretKey(b"1" * 32)).actor(pair.access) is None
        assert tokens.actor(pair.refresh) is None

    run(story)


def test_an_access_token_made_by_a_clock_that_runs_ahead(run: Run):
    token = jwt.encode(claims(iat=datetime.now(UTC) + timedelta(hours=1)), KEY, ALGORITHM)

    async def read(database: Database) -> None:
        actor = TokenStore(database, SECRET).actor(token)
        assert actor is not None
        assert actor.name == "li.na"

    run(read)


BAD = {
    "garbled": "ey.ey.ey",
    "one letter": "x",
    "ended": jwt.encode(claims(exp=datetime.now(UTC) - timedelta(seconds=1)), KEY, ALGORITHM),
    "without an end": jwt.encode(claims(exp="left out"), KEY, ALGORITHM),
    "without a name": jwt.encode(claims(sub="left out"), KEY, ALGORITHM),
    "without roles": jwt.encode(claims(roles="left out"), KEY, ALGORITHM),
    "of a role that is none": jwt.encode(claims(roles=["boss"]), KEY, ALGORITHM),
    "of another issuer": jwt.encode(claims(iss="elsewhere"), KEY, ALGORITHM),
    "of another algorithm": jwt.encode(claims(), KEY + KEY, "HS512"),
    "unsigned": without_signature(claims()),
    "unsigned, in other words": f"{parts({'alg': 'NONE'})}.{parts({'sub': 'li.na'})}.",
    "signed with another key": jwt.encode(claims(), b"1" * 32, ALGORITHM),
}


@pytest.mark.parametrize("token", BAD.values(), ids=BAD)
def test_an_access_token_that_is_nobody_s(api: RunningApi, run: Run, token: str):
    async def read(database: Database) -> None:
        assert TokenStore(database, SECRET).actor(token) is None

    run(read)
    answer = api.nobody.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_a_refresh_token_is_good_once_and_its_theft_ends_the_family(run: Run, database_url: str):
    user = make_user(database_url, Role.VIEWER)

    async def story(database: Database) -> None:
        tokens = TokenStore(database, SECRET)
        first, other_login = await tokens.issue(user), await tokens.issue(user)
        second = await tokens.refresh(first.refresh)
        third = await tokens.refresh(second.refresh)
        assert tokens.actor(third.access) == user.actor
        with pytest.raises(UsedTokenError, match="used before") as caught:
            await tokens.refresh(first.refresh)
        assert caught.value.login == user.login
        with pytest.raises(LoginError, match="has ended"):
            await tokens.refresh(third.refresh)
        assert await tokens.refresh(other_login.refresh)
        with pytest.raises(LoginError, match="has ended"):
            await tokens.refresh("made up")

    run(story)


def test_two_who_use_one_refresh_token_at_once_both_lose_it(run: Run, database_url: str):
    user = make_user(database_url, Role.VIEWER)

    async def story(database: Database) -> None:
        tokens = TokenStore(database, SECRET)
        first = await tokens.issue(user)
        came = await asyncio.gather(
            *(tokens.refresh(first.refresh) for _ in range(2)), return_exceptions=True
        )
        (given,) = [one for one in came if isinstance(one, TokenPair)]
        (refused,) = [one for one in came if isinstance(one, Exception)]
        assert isinstance(refused, UsedTokenError)
        with pytest.raises(LoginError):
            await tokens.refresh(given.refresh)

    run(story)


def test_refresh_tokens_end_with_the_account_and_with_time(run: Run, database_url: str):
    user = make_user(database_url, Role.VIEWER)

    async def story(database: Database) -> None:
        tokens, users = TokenStore(database, SECRET), UserStore(database)
        closed = await tokens.issue(user)
        await users.change(user.login, UserChanges(enabled=False))
        with pytest.raises(LoginError):
            await tokens.refresh(closed.refresh)
        await users.change(user.login, UserChanges(enabled=True))
        old = await tokens.issue(user)
        with psycopg.connect(database_url) as connection:
            connection.execute("UPDATE refresh_tokens SET expires_at = now()")
        with pytest.raises(LoginError, match="has ended"):
            await tokens.refresh(old.refresh)

    run(story)


def test_tokens_over_http(api: RunningApi):
    address = api.settings.database_url.get_secret_value()
    make_user(address, Role.DISPATCHER, login="li.na")

    def ask(**form: str):
        return api.nobody.post("/v1/tokens", data=form)

    wrong = ask(grant_type="password", username="li.na", password="x" * 20)
    assert (wrong.status_code, "login or password is wrong" in wrong.text) == (400, True)
    given = ask(grant_type="password", username="li.na", password=PASSWORD)
    assert given.headers["cache-control"] == "no-store"
    pair = given.json()
    me = api.client(pair["access_token"]).get("/v1/me").json()
    assert (me["name"], me["kind"], me["roles"]) == ("li.na", "user", ["dispatcher"])
    following = ask(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    assert following.status_code == 200
    assert ask(grant_type="refresh_token", refresh_token=pair["refresh_token"]).status_code == 400
    assert ask(grant_type="password", username="li.na").status_code == 422
    auditor = api.user(Role.AUDITOR)
    records = auditor.get("/v1/audit").json()["records"]
    assert [(one["actor"], one["action"], one["subject"]) for one in records] == [
        ("-", "refresh_refused", "li.na"),
        ("li.na", "log_in", "li.na"),
        ("-", "log_in_refused", "li.na"),
    ]


@pytest.mark.parametrize("username", ["a\x00", "no such login!", "x" * 64])
def test_what_is_no_login_is_neither_kept_nor_a_fault(api: RunningApi, username: str):
    form = {"grant_type": "password", "username": username, "password": "x" * 20}
    assert api.nobody.post("/v1/tokens", data=form).status_code == 400
    (record,) = api.user(Role.AUDITOR).get("/v1/audit").json()["records"]
    assert record["subject"] == (username if username == "x" * 64 else "-")


def test_a_password_is_not_repeated(api: RunningApi):
    secret = "hidden" * 50
    form = {"grant_type": "password", "username": "li.na", "password": secret}
    answer = api.nobody.post("/v1/tokens", data=form)
    assert answer.status_code == 422
    assert "hidden" not in answer.text
    body = {"login": "li.na", "name": "x", "password": ["hidden"], "roles": ["viewer"]}
    answer = api.user(Role.ADMINISTRATOR).post("/v1/users", json=body)
    assert answer.status_code == 422
    assert "hidden" not in answer.text
    large = api.nobody.post("/v1/tokens", data={**form, "username": "x" * 20_000})
    assert large.status_code == 413
