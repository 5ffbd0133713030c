"""The whole table, for every role, every scope of a key, and nobody."""

import re
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

import api.console.mounting
from api.accounts.access_table import AccessTable, UnlistedEndpointError, load_access_table
from api.accounts.access_table import _TableFile as TableFile
from api.accounts.role import KeyScope, Role
from api.console.mounting import SCREENS
from api.console.parts.settings import ConsoleSettings
from api.console.sign_in.sign_in_pages import LOGOUT_PATH
from api.console.sign_in.sign_in_routes import SignInRoutes
from tests.api.running_api import RunningApi, make_key

# What stands in place of a parameter where a lone 1 would name a page of something else.
FILLED = {"sha256": "0" * 64, "worker": "01JD8Z6Q3V5W7X9Y1A3C5E7G9J"}
TABLE = load_access_table()


def described(api: RunningApi) -> set[str]:
    paths = api.app.openapi()["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def status(client: httpx.Client, endpoint: str) -> int:
    method, _, path = endpoint.partition(" ")
    path = re.sub(r"{(\w+)}", lambda name: FILLED.get(name[1], "1"), path)
    with client.stream(method, path) as answer:
        return answer.status_code


def test_the_table_lists_what_there_is_and_nothing_else(api: RunningApi):
    assert described(api) == TABLE.endpoints


def test_the_table_lists_every_page_of_the_console():
    files = Path(api.console.mounting.__file__).parent.rglob("mounting.py")
    code = "".join(file.read_text() for file in files)
    pages = {f"GET {path}" for path in re.findall(r'@ui\.page\("([^"]+)"', code)}
    assert len(pages) >= 2
    pages |= {f"GET {screen.path}" for screen in SCREENS}
    assert pages == set(TABLE.pages)


def test_the_table_lists_where_somebody_signs_in():
    routes = SignInRoutes(ConsoleSettings()).router.routes
    found = {f"{method} {route.path}" for route in routes for method in route.methods}
    # Whom nobody knows need not sign out.
    assert found - {f"POST {LOGOUT_PATH}"} == TABLE.sign_in


def test_nobody_is_let_in_where_the_table_does_not_say_so(api: RunningApi):
    for endpoint in described(api):
        answered = status(api.nobody, endpoint)
        assert (answered == 401) == (endpoint not in TABLE.public), (endpoint, answered)


def actors(api: RunningApi) -> dict[Role | KeyScope, httpx.Client]:
    address = api.settings.database_url.get_secret_value()
    users = {role: api.user(role) for role in Role}
    keys = {scope: api.client(make_key(address, f"of-{scope}", scope)) for scope in KeyScope}
    return {**users, **keys}


def test_everybody_may_what_the_table_says_and_nothing_else(api: RunningApi):
    """An endpoint that lets somebody in goes on to say what their empty request lacks."""
    for capacity, client in actors(api).items():
        for endpoint in sorted(TABLE.endpoints - TABLE.public):
            permission = TABLE.permission(endpoint)
            allowed = permission is None or capacity in permission.roles | permission.scopes
            answered = status(client, endpoint)
            assert answered != 401, (capacity, endpoint)
            assert (answered != 403) == allowed, (capacity, endpoint, answered)


def test_a_refusal_says_who_may(api: RunningApi):
    refused = api.reader.put("/v1/grids", json={})
    assert refused.status_code == 403
    assert refused.json()["detail"] == (
        "reader may not use PUT /v1/grids (manage_cameras); it is for: operate keys, operator"
    )


def test_what_is_not_listed_is_open_to_nobody():
    table = AccessTable(frozenset(), frozenset(), frozenset(), {}, {})
    with pytest.raises(UnlistedEndpointError, match=r"GET /v1/events is not in access\.yaml"):
        table.permission("GET /v1/events")
    with pytest.raises(UnlistedEndpointError, match=r"GET /new is not in access\.yaml"):
        table.page("/new")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"public": ["GET /v1/me"]}, "GET /v1/me is listed twice"),
        ({"sign_in": ["GET /v1/me"]}, "GET /v1/me is listed twice"),
        ({"public": ["FETCH /v1/me"]}, "String should match pattern"),
        ({"permissions": [{"name": "x", "roles": ["boss"], "endpoints": ["GET /x"]}]}, "boss"),
        ({"permissions": [{"name": "x", "roles": ["viewer"], "endpoints": []}]}, "at least 1 item"),
        ({"opened": []}, "opened"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(changes: dict, said: str):
    whole = {
        "public": [],
        "sign_in": [],
        "anyone_known": ["GET /v1/me"],
        "pages": [],
        "permissions": [],
    }
    with pytest.raises(ValidationError, match=said):
        TableFile.model_validate(whole | changes)
