"""Nobody unknown comes in, nor a page of another site, whatever way they take."""

import psycopg
import pytest
import structlog

from api.accounts.authenticator import SESSION_COOKIE
from api.accounts.role import Role
from api.settings import ApiSettings
from tests.api.running_api import RunningApi, begin_session, make_user

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
OPEN = ["/health", "/v1/tokens"]


def signed_in(api: RunningApi, *roles: Role) -> dict[str, str]:
    token = begin_session(api.settings.database_url.get_secret_value(), *roles)
    return {"Cookie": f"{SESSION_COOKIE}={token}"}


@pytest.mark.parametrize(
    "path",
    [
        *("/docs", "/redoc", "/openapi.json", "/metrics", "/", "/coverage", "/nope"),
        *("/console/base-map", "/_nicegui/x/y.js", "/health/", "//health", "/v1/tokens/x"),
        *("/v1/evidence/x", "/v1/evidence/x/signed/y", "/loginx", "/login/x"),
        "/console/static/../../v1/events",
    ],
)
def test_nobody_comes_in_by_another_way(api: RunningApi, path: str):
    request = api.nobody.build_request("GET", "/")
    request.url = request.url.copy_with(raw_path=path.encode())
    assert api.nobody.send(request).status_code in {401, 404}
    if "static" not in path:
        assert api.nobody.send(request).status_code == 401


def test_a_browser_is_sent_to_where_one_signs_in(api: RunningApi):
    page = api.nobody.get("/coverage?a=1&b=2", headers=HTML)
    assert page.status_code == 303
    assert page.headers["location"] == "/login?next=%2Fcoverage%3Fa%3D1%26b%3D2"
    assert api.nobody.post("/logout", headers=HTML).headers["location"] == "/login"
    assert api.nobody.get("/v1/events", headers=HTML).status_code == 401
    wrong = api.nobody.get("/", headers={**HTML, "Authorization": "Bearer cp_wrong"})
    assert wrong.status_code == 401


def test_a_cookie_is_somebody_s_until_the_session_ends(api: RunningApi):
    cookie = signed_in(api, Role.VIEWER)
    me = api.nobody.get("/v1/me", headers=cookie).json()
    assert (me["kind"], me["roles"]) == ("user", ["viewer"])
    assert api.nobody.get("/v1/me", headers={"Cookie": f"{SESSION_COOKIE}=x"}).status_code == 401
    ended = api.nobody.delete("/v1/me/session", headers=cookie)
    assert ended.status_code == 204
    assert "Max-Age=0" in ended.headers["set-cookie"]
    assert api.nobody.get("/v1/me", headers=cookie).status_code == 401


def test_a_session_ends_with_time(api: RunningApi):
    cookie = signed_in(api, Role.VIEWER)
    with psycopg.connect(api.settings.database_url.get_secret_value()) as connection:
        connection.execute("UPDATE sessions SET expires_at = now() - interval '1 second'")
    assert api.nobody.get("/v1/me", headers=cookie).status_code == 401


@pytest.mark.parametrize(
    ("headers", "is_foreign"),
    [
        ({}, False),
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Origin": "https://evil.example"}, True),
        ({"Origin": "null"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "OWN"}, True),
        ({"Origin": "OWN"}, False),
    ],
)
def test_a_page_of_another_site_changes_nothing(api: RunningApi, headers: dict, is_foreign: bool):
    headers = {name: value.replace("OWN", api.url) for name, value in headers.items()}
    cookie = signed_in(api, Role.OPERATOR)
    answer = api.nobody.put("/v1/grids", json={}, headers=cookie | headers)
    assert answer.status_code == (403 if is_foreign else 422)
    assert ("another site" in answer.text) == is_foreign
    # To read does no harm, and a key comes of no page.
    assert api.nobody.get("/v1/grids", headers=cookie | headers).status_code == 200
    assert api.http.put("/v1/grids", json={}, headers=headers).status_code == 422
    # Nor does it sign anybody in.
    answer = api.nobody.post("/login", headers=headers)
    assert (answer.status_code == 403) == is_foreign


def test_a_database_that_is_away_is_said_so(fresh_api: RunningApi):
    cookie = signed_in(fresh_api, Role.VIEWER)
    address = fresh_api.settings.database_url.get_secret_value()
    name = psycopg.conninfo.conninfo_to_dict(address)["dbname"]
    with psycopg.connect(address, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        for client, headers in ((fresh_api.http, {}), (fresh_api.nobody, cookie)):
            answer = client.get("/v1/me", headers=headers)
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "2"
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def test_a_guest_is_whoever_brings_nothing(settings: ApiSettings):
    address = settings.database_url.get_secret_value()
    make_user(address, Role.VIEWER, login="demo")
    with (
        structlog.testing.capture_logs() as logged,
        RunningApi(settings.model_copy(update={"guest": "demo"})) as api,
    ):
        (warning,) = [one for one in logged if one["event"] == "guest_is_let_in"]
        assert (warning["log_level"], warning["login"]) == ("warning", "demo")
        assert api.nobody.get("/v1/me").json()["name"] == "demo"
        assert api.nobody.get("/v1/events").status_code == 200
        assert api.nobody.put("/v1/grids", json={}).status_code == 403
        assert api.nobody.get("/v1/users").status_code == 403
        wrong = api.nobody.get("/v1/me", headers={"Authorization": "Bearer cp_wrong"})
        assert wrong.status_code == 401
        assert api.http.get("/v1/me").json()["name"] == "worker"
        cookie = signed_in(api, Role.AUDITOR)
        assert api.nobody.get("/v1/me", headers=cookie).json()["roles"] == ["auditor"]
        with psycopg.connect(address) as connection:
            connection.execute("UPDATE users SET enabled = false WHERE login = 'demo'")
        assert api.nobody.get("/v1/me").status_code == 401
