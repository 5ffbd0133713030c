"""Read by Schemathesis: signs each generated request as somebody who may use its endpoint."""

import os
import time

import httpx
import schemathesis
from schemathesis import AuthContext, Case

from api.accounts.access_table import load_access_table

URL, KEY, LOGIN, PASSWORD = (
    os.environ[f"FUZZ_{name}"] for name in ("URL", "KEY", "LOGIN", "PASSWORD")
)
# An access token is good for ten minutes.
TOKEN_SECONDS = 300.0


class Token:
    """The access token of the user who has every role, fetched again in time."""

    def __init__(self) -> None:
        self._token = ""
        self._ends_at = 0.0

    def __str__(self) -> str:
        if time.monotonic() > self._ends_at:
            form = {"grant_type": "password", "username": LOGIN, "password": PASSWORD}
            answer = httpx.post(f"{URL}/v1/tokens", data=form, trust_env=False, timeout=30)
            self._token = answer.raise_for_status().json()["access_token"]
            self._ends_at = time.monotonic() + TOKEN_SECONDS
        return self._token


TABLE, TOKEN = load_access_table(), Token()


# Schemathesis would keep the first for all operations.
@schemathesis.auth(refresh_interval=None)
class ByAccessTable:
    """A key where keys may, else the user."""

    def get(self, case: Case, _: AuthContext) -> str:
        endpoint = f"{case.operation.method.upper()} {case.operation.path}"
        if endpoint in TABLE.public:
            return KEY
        permission = TABLE.permission(endpoint)
        is_of_users = permission is not None and not permission.scopes
        return str(TOKEN) if is_of_users else KEY

    def set(self, case: Case, data: str, _: AuthContext) -> None:
        case.headers["Authorization"] = f"Bearer {data}"
