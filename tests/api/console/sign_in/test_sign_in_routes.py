"""Signing in and out with a cookie, without a browser."""

import re
from collections.abc import Iterator

import httpx
import pytest

from api.accounts.authenticator import SESSION_COOKIE
from api.accounts.guesses import FREE_GUESSES
from api.accounts.role import Role
from api.console.parts.page_head import LANGUAGE_COOKIE
from api.console.parts.settings import ConsoleSettings
from api.console.sign_in.local_target import local_target
from api.console.sign_in.sign_in_routes import SignInRoutes
from api.settings import ApiSettings
from tests.api.running_api import PASSWORD, RunningApi, make_user

FORM = {"login": "li.na", "password": PASSWORD, "next": "/coverage?a=1"}


@pytest.fixture
def console(settings: ApiSettings) -> Iterator[RunningApi]:
    """An API that one can sign in to; its pages need no browser."""
    api = RunningApi(settings)
    api.app.include_router(SignInRoutes(ConsoleSettings()).router)
    with api:
        make_user(settings.database_url.get_secret_value(), Role.AUDITOR, login="li.na")
        yield api


def actions(console: RunningApi) -> list[tuple[str, str, str]]:
    records = console.user(Role.AUDITOR).get("/v1/audit").json()["records"]
    return [(one["actor"], one["action"], one["subject"]) for one in reversed(records)]


def test_signing_in_and_out(console: RunningApi):
    page = console.nobody.get("/login?next=/coverage")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert 'name="next" value="/coverage"' in page.text
    came = console.nobody.post("/login", data=FORM)
    assert (came.status_code, came.headers["location"]) == (303, "/coverage?a=1")
    cookie = came.headers["set-cookie"]
    for said in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"):
        assert said in cookie
    assert "Secure" not in cookie
    # The client has kept it.
    assert console.nobody.get("/v1/me").json()["name"] == "li.na"
    first = console.nobody.cookies[SESSION_COOKIE]
    again = console.nobody.post("/login", data=FORM)
    assert again.cookies[SESSION_COOKIE] != first
    stale = {"Cookie": f"{SESSION_COOKIE}={first}"}
    assert httpx.get(f"{console.url}/v1/me", headers=stale, trust_env=False).status_code == 401
    out = console.nobody.post("/logout")
    assert (out.status_code, out.headers["location"]) == (303, "/login")
    assert console.nobody.get("/v1/me").status_code == 401
    signed_in = ("li.na", "log_in", "li.na")
    assert actions(console) == [signed_in, signed_in, ("li.na", "log_out", "li.na")]


def test_behind_tls_the_cookie_is_for_tls_only(console: RunningApi):
    came = console.nobody.post("/login", data=FORM, headers={"X-Forwarded-Proto": "https"})
    assert "; Secure" in came.headers["set-cookie"]


@pytest.mark.parametrize(
    ("language", "said", "paused"),
    [("zh", "用户名或密码错误", r"请 \d+ 秒后再试"), ("en", "is wrong", r"Try again in \d+ s")],
)
def test_a_refusal_says_why_in_the_page_s_language(
    console: RunningApi, language: str, said: str, paused: str
):
    wrong = {**FORM, "password": "<script>wrong</script>", "login": " li.na "}
    headers = {"Cookie": f"{LANGUAGE_COOKIE}={language}"}
    for _ in range(FREE_GUESSES):
        refused = console.nobody.post("/login", data=wrong, headers=headers)
        assert refused.status_code == 403
        assert said in refused.text
        assert "set-cookie" not in refused.headers
    assert 'value="li.na"' in refused.text
    assert "wrong</script>" not in refused.text
    waiting = console.nobody.post("/login", data=FORM, headers=headers)
    assert waiting.status_code == 429
    assert 1 <= int(waiting.headers["retry-after"]) <= 60
    assert re.search(paused, waiting.text)
    assert actions(console) == [("-", "log_in_refused", "li.na")] * (FREE_GUESSES + 1)


def test_what_is_typed_is_text_and_never_markup(console: RunningApi):
    login = '"><script>1</script>'
    refused = console.nobody.post("/login", data={"login": login, "next": f"/{login}"})
    assert refused.status_code == 403
    assert "<script>" not in refused.text
    assert actions(console) == [("-", "log_in_refused", "-")]


@pytest.mark.parametrize("content", [b"", b"login=%ff&password=%00", b"\xff\x00=&=", b"a" * 9000])
def test_a_form_that_is_none_is_refused_and_no_fault(console: RunningApi, content: bytes):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = console.nobody.post("/login", content=content, headers=headers)
    assert answer.status_code == 403


def test_a_large_form_is_not_read(console: RunningApi):
    assert console.nobody.post("/login", data={"login": "a" * 20_000}).status_code == 413


def test_another_language_is_kept(console: RunningApi):
    page = console.nobody.get("/login?language=en&next=/coverage")
    assert "Sign in" in page.text
    assert 'lang="en"' in page.text
    assert page.cookies[LANGUAGE_COOKIE] == "en"
    assert "Sign in" in console.nobody.get("/login").text


@pytest.mark.parametrize("path", ["/", "/coverage", "/a/b?c=d&e=f#g", "/%2F%2Fx", "/.//x"])
def test_a_path_of_this_site_is_gone_to(path: str):
    assert local_target(path) == path


@pytest.mark.parametrize(
    "given",
    [
        *(None, "", "coverage", "//evil.example", "/\\evil.example", "\\/evil.example"),
        *("https://evil.example", "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example"),
        *("/a\\..\\b", "/\x00", " /", "/ x", "/" + "a" * 2000),
    ],
)
def test_nothing_else_is(given: str | None):
    assert local_target(given) == "/"
