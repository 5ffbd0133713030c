"""Who may write."""

import asyncio
import re
import socket

import httpx
import pytest

from api.accounts.access_table import load_access_table
from api.accounts.key_store import KeyNameError, KeyStore
from api.accounts.role import KeyScope
from api.database.database import Database, database_address
from tests.api.running_api import JPEG, RunningApi, make_key

WRITES = [
    ("POST", "/v1/events"),
    ("PUT", f"/v1/evidence/{'0' * 64}"),
    ("POST", "/v1/cameras"),
    ("PUT", "/v1/cameras/north-gate"),
    ("DELETE", "/v1/cameras/north-gate"),
    ("PUT", "/v1/cameras/north-gate/preview"),
    ("PUT", "/v1/cameras/north-gate/condition"),
    ("PUT", "/v1/grids"),
    ("POST", "/v1/models/street/promotions"),
    ("POST", "/v1/models/street/rollbacks"),
    ("DELETE", "/v1/models/street/live"),
]


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize(
    "header", [None, "Bearer cp_wrong", "Bearer", "Basic eDp5", "Bearer \u00e9", "cp_wrong"]
)
def test_writing_needs_a_valid_key(api: RunningApi, method, path, header):
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    answer = api.nobody.request(method, path, content=JPEG, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["status"] == 401


def bodies(api: RunningApi) -> list[tuple[str, str]]:
    """Every route that takes a body, as the API describes itself."""
    paths = api.app.openapi()["paths"]
    return [
        (method.upper(), re.sub(r"\{.*?\}", "1", path))
        for path, methods in paths.items()
        for method in methods
        if method in {"post", "put", "patch"}
        and f"{method.upper()} {path}" not in load_access_table().public
    ]


@pytest.mark.parametrize("key", [None, "cp_wrong"])
def test_without_a_valid_key_no_byte_of_a_body_is_waited_for(api: RunningApi, key):
    address = httpx.URL(api.url)
    routes = bodies(api)
    assert len(routes) > 10
    for method, path in routes:
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: test",
            "Content-Type: application/json",
            "Content-Length: 1000",
            *([] if key is None else [f"Authorization: Bearer {key}"]),
        ]
        with socket.create_connection((address.host, address.port), timeout=10) as connection:
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            assert connection.recv(1000).startswith(b"HTTP/1.1 401"), (method, path)


def test_revoked_key_is_worthless_at_once(api: RunningApi):
    address = api.settings.database_url.get_secret_value()
    key = make_key(address, "second")
    headers = {"Authorization": f"Bearer {key}"}
    assert api.nobody.get("/v1/cameras", headers=headers).status_code == 200

    async def revoke() -> None:
        database = Database(database_address(address), connections=1)
        try:
            keys = KeyStore(database)
            await keys.revoke("second")
            with pytest.raises(KeyNameError, match="'second'"):
                await keys.revoke("second")
            with pytest.raises(KeyNameError, match="made before"):
                await keys.create("second", [KeyScope.READ])
            with pytest.raises(KeyNameError, match="a b"):
                await keys.create("a b", [KeyScope.READ])
            assert [one.name for one in await keys.all()] == ["worker", "reader", "second"]
        finally:
            await database.close()

    asyncio.run(revoke())
    assert api.nobody.get("/v1/cameras", headers=headers).status_code == 401
    assert api.http.get("/v1/cameras").status_code == 200
