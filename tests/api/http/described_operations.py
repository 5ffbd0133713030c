"""The operations of the API as its own description lists them, with a client who may use each."""

import copy
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from api.accounts.access_table import load_access_table
from api.accounts.role import Role
from tests.api.running_api import RunningApi

METHODS = frozenset({"get", "post", "put", "patch", "delete"})
SAMPLES = {
    "sha256": "0" * 64,
    "camera_id": "north-gate",
    "preset": "first",
    "login": "li.na",
    "action": "register",
    "extension": "json",
    "service_code": "06010",
    "service_request_id": "20251121-000017",
    "name": "street",
    "worker": "01JD8Z6Q3V5W7X9Y1A3C5E7G9J",
}
"""What stands in a path; all others are ULIDs."""
ANY_ULID = "01JD8Z6Q3V5W7X9Y1A3C5E7G9J"
ENDLESS = frozenset({"/v1/stream"})
"""Never answered to the end."""


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    description: dict[str, Any]

    def address(self, **parts: str) -> str:
        """Return the path, its parameters filled."""
        address = self.path
        for name in self.path_parameters:
            value = parts.get(name, SAMPLES.get(name, ANY_ULID))
            address = address.replace(f"{{{name}}}", value)
        return address

    @property
    def path_parameters(self) -> list[str]:
        return self._named("path")

    @property
    def query_parameters(self) -> list[str]:
        return self._named("query")

    def _named(self, place: str) -> list[str]:
        several = self.description.get("parameters", [])
        return [one["name"] for one in several if one["in"] == place]

    @property
    def json_example(self) -> Any:
        """The example of its JSON body; None where it takes none."""
        content = self.description.get("requestBody", {}).get("content", {})
        return copy.deepcopy(content.get("application/json", {}).get("example"))

    @property
    def json_schema(self) -> dict[str, Any]:
        content = self.description["requestBody"]["content"]
        return content["application/json"]["schema"]


class Description:
    """The description of a running API."""

    def __init__(self, api: RunningApi) -> None:
        self._api = api
        self._table = load_access_table()
        self.document: dict[str, Any] = api.app.openapi()

    def operations(self) -> Iterator[Operation]:
        """All that are answered to the end."""
        for path, methods in self.document["paths"].items():
            for method in sorted(METHODS & set(methods)):
                if path not in ENDLESS:
                    yield Operation(method.upper(), path, methods[method])

    @functools.cached_property
    def _everybody(self) -> httpx.Client:
        return self._api.user(*Role)

    def client(self, operation: Operation) -> httpx.Client:
        """Somebody who may: a key where keys may, else a user with all roles."""
        endpoint = f"{operation.method} {operation.path}"
        if endpoint in self._table.public:
            return self._api.http
        permission = self._table.permission(endpoint)
        is_of_users = permission is not None and not permission.scopes
        return self._everybody if is_of_users else self._api.http

    def fields(self, schema: dict[str, Any]) -> list[str]:
        """The names of all fields that a body of a schema may have at its top."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self.fields(self.document["components"]["schemas"][name])
        names = list(schema.get("properties", {}))
        for part in schema.get("anyOf", []):
            names += self.fields(part)
        return names
