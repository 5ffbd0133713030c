"""Signing in with the city's account: a provider over HTTP, a browser's requests, the cookie."""

import time
from typing import Any
from unittest import mock

import httpx
import psycopg
import pytest
from joserfc.jwk import OctKey

from api.accounts.authenticator import SESSION_COOKIE
from api.accounts.role import Role
from api.console.parts.page_head import LANGUAGE_COOKIE
from api.console.parts.settings import ConsoleSettings
from api.console.sign_in.provider_routes import BEGUN_COOKIE
from api.console.sign_in.sign_in_routes import SignInRoutes
from api.settings import ApiSettings
from tests.api.accounts.oidc.conftest import opened
from tests.api.accounts.oidc.small_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    OTHER_KEY,
    SmallProvider,
    path_of,
)
from tests.api.running_api import PASSWORD, RunningApi, make_user

REFUSED = "did not confirm who you are"
LOST = "has expired, or was begun in another browser"


def another_browser(browser: httpx.Client) -> httpx.Client:
    return opened(str(browser.base_url))


def go(browser: httpx.Client, target: str = "/cases?a=1") -> str:
    """Begin in a browser, sign in at the provider, and return what it sends the browser to."""
    sent = browser.get("/login/provider", params={"next": target})
    assert sent.status_code == 303, sent.text
    back = httpx.get(sent.headers["location"], trust_env=False)
    assert back.status_code == 302
    assert back.headers["location"].startswith("https://console.example/login/provider/answer?")
    return path_of(back.headers["location"])


def sign_in(browser: httpx.Client) -> httpx.Response:
    return browser.get(go(browser))


def records(console: RunningApi) -> list[dict[str, Any]]:
    found = console.user(Role.AUDITOR).get("/v1/audit").json()["records"]
    return [{"name": one["actor"], **one} for one in reversed(found)]


def actions(console: RunningApi) -> list[tuple[str, str, str]]:
    return [(one["actor"], one["action"], one["subject"]) for one in records(console)]


def account(console: RunningApi, login: str = "wang.fang") -> dict[str, Any] | None:
    users = console.user(Role.ADMINISTRATOR).get("/v1/users").json()["users"]
    return next((one for one in users if one["login"] == login), None)


def assert_refused(answer: httpx.Response, status: int, said: str) -> None:
    assert answer.status_code == status
    assert said in answer.text
    assert 'class="sign-in-form"' in answer.text
    assert "Traceback" not in answer.text
    assert SESSION_COOKIE not in answer.headers.get("set-cookie", "")


def test_somebody_with_a_group_gets_an_account_and_signs_in(
    console: RunningApi, browser: httpx.Client, provider: SmallProvider
):
    provider.person |= {"name": "王芳\n", "groups": ["/city/dispatch", "/city/cameras", "other"]}
    page = browser.get("/login?next=/cases")
    assert "/login/provider?next=%2Fcases" in page.text.replace('/cases"', '%2Fcases"')
    assert "Sign in with the city&#39;s account" in page.text
    came = sign_in(browser)
    assert (came.status_code, came.headers["location"]) == (303, "/cases?a=1")
    cookies = came.headers.get_list("set-cookie")
    session = next(one for one in cookies if one.startswith(SESSION_COOKIE))
    for said in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"):
        assert said in session
    me = browser.get("/v1/me").json()
    assert (me["name"], me["unit_id"]) == ("wang.fang", "u1")
    assert me["roles"] == ["dispatcher", "operator", "viewer"]
    made = account(console)
    assert made is not None
    assert (made["name"], made["enabled"]) == ("王芳", True)
    assert made["last_login_at"] is not None
    assert actions(console) == [
        ("citypatrol", "make_user", "wang.fang"),
        ("wang.fang", "log_in", "wang.fang"),
    ]
    assert records(console)[1]["details"] == {"by": provider.url}
    # Nobody knows a password of it.
    form = {"grant_type": "password", "username": "wang.fang", "password": PASSWORD}
    assert console.nobody.post("/v1/tokens", data=form).status_code == 400


def test_roles_follow_the_groups_at_each_sign_in(
    console: RunningApi, browser: httpx.Client, provider: SmallProvider
):
    provider.person["groups"] = ["/city/dispatch"]
    assert sign_in(browser).status_code == 303
    first = browser.cookies[SESSION_COOKIE]
    provider.person |= {"groups": "/city/chiefs", "preferred_username": "another"}
    with another_browser(browser) as elsewhere:
        assert sign_in(elsewhere).status_code == 303
        me = elsewhere.get("/v1/me").json()
        assert (me["name"], me["roles"], me["unit_id"]) == ("wang.fang", ["administrator"], None)
    # What was allowed before has ended.
    stale = {"Cookie": f"{SESSION_COOKIE}={first}"}
    assert httpx.get(f"{console.url}/v1/me", headers=stale, trust_env=False).status_code == 401
    # Once it has a password it is an account of this node.
    chief = console.user(Role.ADMINISTRATOR)
    change = {"password": PASSWORD, "roles": ["viewer"]}
    assert chief.patch("/v1/users/wang.fang", json=change).status_code == 200
    provider.person["groups"] = []
    assert sign_in(browser).status_code == 303
    assert browser.get("/v1/me").json()["roles"] == ["viewer"]
    assert ("citypatrol", "change_user", "wang.fang") in actions(console)


def test_whoever_loses_the_group_is_let_in_no_more(browser: httpx.Client, provider: SmallProvider):
    provider.person["groups"] = ["/city/dispatch"]
    assert sign_in(browser).status_code == 303
    provider.person["groups"] = ["other"]
    assert_refused(sign_in(browser), 403, "Your groups give you no role here")


def test_an_account_of_this_node_is_tied_to_the_person_and_keeps_its_roles(
    console: RunningApi, browser: httpx.Client, provider: SmallProvider
):
    address = console.settings.database_url.get_secret_value()
    make_user(address, Role.AUDITOR, login="wang.fang")
    provider.person["groups"] = ["/city/chiefs"]
    assert sign_in(browser).status_code == 303
    assert browser.get("/v1/me").json()["roles"] == ["auditor"]
    assert actions(console) == [
        ("citypatrol", "link_user", "wang.fang"),
        ("wang.fang", "log_in", "wang.fang"),
    ]
    # Somebody else who is called so later is somebody else.
    provider.person["sub"] = "18"
    assert_refused(sign_in(browser), 403, "cannot be used here")


def test_a_person_without_account_and_group_is_refused(
    console: RunningApi, browser: httpx.Client, provider: SmallProvider
):
    for groups in ([], None, 7, ["other"], [["/city/chiefs"]]):
        provider.person["groups"] = groups
        assert_refused(sign_in(browser), 403, "Your groups give you no role here")
    assert account(console) is None
    assert actions(console) == [("-", "log_in_refused", "wang.fang")] * 5
    assert records(console)[0]["details"] == {"by": provider.url, "reason": "no_role"}


def test_groups_of_two_units_give_nothing(browser: httpx.Client, provider: SmallProvider):
    provider.person["groups"] = ["/city/dispatch", "/city/chiefs"]
    assert_refused(sign_in(browser), 403, "Your groups give you no role here")


def test_a_closed_account_is_refused(
    console: RunningApi, browser: httpx.Client, provider: SmallProvider
):
    address = console.settings.database_url.get_secret_value()
    make_user(address, Role.VIEWER, login="wang.fang", enabled=False)
    provider.person["groups"] = ["/city/dispatch"]
    assert_refused(sign_in(browser), 403, "Your account here is closed")
    with psycopg.connect(address) as connection:
        assert connection.execute(
            "SELECT subject FROM users WHERE login = 'wang.fang'"
        ).fetchall() == [(None,)]
    assert actions(console) == [("-", "log_in_refused", "wang.fang")]


@pytest.mark.parametrize("login", [None, "", "王芳", "a b", "../etc", 7, "a" * 65, "a@b.example"])
def test_what_can_be_no_login_is_refused(
    browser: httpx.Client, provider: SmallProvider, login: object
):
    provider.person |= {"preferred_username": login, "groups": ["/city/dispatch"]}
    assert_refused(sign_in(browser), 403, "cannot be used here")


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": [CLIENT_ID, "another"]},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": int(time.time()) + 86_400},
        {"nbf": int(time.time()) + 86_400},
        {"sub": None},
        {"sub": ""},
        {"sub": ["17"]},
        {"at_hash": "of another access token"},
    ],
)
def test_a_token_that_is_not_the_one_asked_for_is_refused(
    console: RunningApi, browser: httpx.Client, provider: SmallProvider, changes: dict[str, Any]
):
    provider.person["groups"] = ["/city/dispatch"]
    provider.changes = changes
    assert_refused(sign_in(browser), 403, REFUSED)
    assert account(console) is None
    assert browser.get("/v1/me").status_code == 401


def test_a_token_that_another_key_signed_is_refused(browser: httpx.Client, provider: SmallProvider):
    provider.signing_key = OTHER_KEY
    assert_refused(sign_in(browser), 403, REFUSED)


def test_a_token_that_the_client_s_own_secret_signed_is_refused(
    browser: httpx.Client, provider: SmallProvider
):
    provider.algorithm = "HS256"
    provider.signing_key = OctKey.import_key(CLIENT_SECRET)
    assert_refused(sign_in(browser), 403, REFUSED)


@pytest.mark.parametrize("token", ["", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxNyJ9.", "x" * 9])
def test_what_is_no_token_is_refused(browser: httpx.Client, provider: SmallProvider, token: str):
    with mock.patch.object(provider, "id_token", return_value=token):
        assert_refused(sign_in(browser), 403, REFUSED)


def test_a_code_is_good_once(browser: httpx.Client, provider: SmallProvider):
    provider.person["groups"] = ["/city/dispatch"]
    answer = go(browser)
    kept = browser.cookies[BEGUN_COOKIE]
    assert browser.get(answer).status_code == 303
    assert BEGUN_COOKIE not in browser.cookies
    # The browser has forgotten it, and somebody who has not is refused by the provider.
    assert_refused(browser.get(answer), 400, LOST)
    with another_browser(browser) as thief:
        thief.cookies.set(BEGUN_COOKIE, kept)
        assert_refused(thief.get(answer), 403, REFUSED)


def test_another_browser_s_answer_is_none(browser: httpx.Client, provider: SmallProvider):
    provider.person["groups"] = ["/city/dispatch"]
    answer = go(browser)
    with another_browser(browser) as victim:
        assert_refused(victim.get(answer), 400, LOST)
        go(victim)
        assert_refused(victim.get(answer), 400, LOST)
        assert victim.get("/v1/me").status_code == 401
    assert "/token" not in provider.asked


@pytest.mark.parametrize("kept", ["", "x", "gAAAAABn" + "A" * 120])
def test_a_cookie_that_was_made_up_is_none(browser: httpx.Client, kept: str):
    answer = go(browser)
    browser.cookies.clear()
    browser.cookies.set(BEGUN_COOKIE, kept)
    browser.cookies.set(LANGUAGE_COOKIE, "en")
    assert_refused(browser.get(answer), 400, LOST)


@pytest.mark.parametrize(
    "given", ["error=access_denied", "", "code=", "code=x&iss=https%3A%2F%2Fevil.example"]
)
def test_an_answer_without_a_good_code_is_a_refusal(browser: httpx.Client, given: str):
    state = httpx.QueryParams(go(browser).partition("?")[2])["state"]
    answer = browser.get(f"/login/provider/answer?state={state}&{given}")
    assert_refused(answer, 403, REFUSED)


def test_a_provider_that_is_gone_is_said_to_be(
    own_console: RunningApi, own_browser: httpx.Client, own_provider: SmallProvider
):
    answer = go(own_browser)
    own_provider.stop()
    assert_refused(own_browser.get(answer), 502, "cannot be reached")
    assert actions(own_console) == [("-", "log_in_refused", "-")]


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "统一身份认证服务暂时无法连接"), ("en", "cannot be reached")]
)
def test_nobody_is_sent_to_a_provider_that_is_gone(
    own_browser: httpx.Client, own_provider: SmallProvider, language: str, said: str
):
    own_provider.stop()
    own_browser.cookies.set(LANGUAGE_COOKIE, language)
    assert_refused(own_browser.get("/login/provider"), 502, said)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"token_endpoint": "ftp://evil.example"},
        {"token_endpoint": None},
        {"jwks_uri": 7},
        {"surplus": "x" * 2_000_000},
    ],
)
def test_a_description_that_cannot_be_trusted_is_of_no_use(
    own_browser: httpx.Client, own_provider: SmallProvider, metadata: dict[str, Any]
):
    own_provider.metadata = metadata
    assert_refused(own_browser.get("/login/provider"), 502, "cannot be reached")


def test_a_provider_in_trouble_is_said_to_be(browser: httpx.Client, provider: SmallProvider):
    provider.token_status = 500
    assert_refused(sign_in(browser), 502, "cannot be reached")


def test_keys_at_a_forbidden_address_are_not_asked_for(
    own_browser: httpx.Client, own_provider: SmallProvider
):
    own_provider.metadata = {"jwks_uri": "https://169.254.169.254/keys"}
    assert_refused(sign_in(own_browser), 502, "cannot be reached")


def test_somebody_is_sent_to_no_other_site(browser: httpx.Client, provider: SmallProvider):
    provider.person["groups"] = ["/city/dispatch"]
    for target in ("//evil.example", "https://evil.example", "/" + "长" * 1000):
        assert browser.get(go(browser, target)).headers["location"] == "/"


def test_without_a_provider_there_is_only_the_password(settings: ApiSettings):
    api = RunningApi(settings)
    api.app.include_router(SignInRoutes(ConsoleSettings()).router)
    with api:
        assert "/login/provider" not in api.nobody.get("/login").text
        for path in ("/login/provider", "/login/provider/answer?code=1&state=2"):
            sent = api.nobody.get(path)
            assert (sent.status_code, sent.headers["location"]) == (303, "/login")
