"""Which endpoint is open to whom: the table in ``access.yaml``, and nothing besides."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from api.accounts.actor import Actor
from api.accounts.role import KeyScope, Role
from streams.kit.errors import CityPatrolError

TABLE = Path(__file__).with_name("access.yaml")

Endpoint = Annotated[
    str, StringConstraints(pattern=r"^(GET|POST|PUT|PATCH|DELETE) /[A-Za-z0-9_/{}.-]*$")
]


class UnlistedEndpointError(CityPatrolError):
    """A route that ``access.yaml`` does not list, so that nobody may use it."""


class Permission(BaseModel):
    """Endpoints that go together, and who may use them.

    Attributes:
        name: What it allows.
        roles: Users' roles that have it.
        scopes: Keys' scopes that have it.
        endpoints: ``METHOD /path/{parameter}``, as the routes are written.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    roles: frozenset[Role] = frozenset()
    scopes: frozenset[KeyScope] = frozenset()
    endpoints: Annotated[tuple[Endpoint, ...], Field(min_length=1)]

    def allows(self, actor: Actor) -> bool:
        """Whether an actor has it."""
        return bool(actor.capacities & (self.roles | self.scopes))


class _TableFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    public: tuple[Endpoint, ...]
    sign_in: tuple[Endpoint, ...]
    anyone_known: tuple[Endpoint, ...]
    pages: tuple[Permission, ...]
    permissions: tuple[Permission, ...]

    @model_validator(mode="after")
    def _no_endpoint_twice(self) -> Self:
        listed = [*self.public, *self.sign_in, *self.anyone_known]
        listed += [
            endpoint for one in (*self.permissions, *self.pages) for endpoint in one.endpoints
        ]
        twice = {endpoint for endpoint in listed if listed.count(endpoint) > 1}
        if twice:
            raise ValueError(f"{', '.join(sorted(twice))} is listed twice")
        return self


@dataclass(frozen=True, slots=True)
class AccessTable:
    """The table, by endpoint.

    Attributes:
        public: Open to everybody, also to nobody in particular.
        sign_in: So are these of the console, on which somebody becomes known.
        anyone_known: Open to every user and key.
        pages: What the pages of the console need.
        permissions: What the others need.
    """

    public: frozenset[str]
    sign_in: frozenset[str]
    anyone_known: frozenset[str]
    pages: dict[str, Permission]
    permissions: dict[str, Permission]

    @property
    def endpoints(self) -> frozenset[str]:
        """Every endpoint of the REST API that it lists."""
        return self.public | self.anyone_known | frozenset(self.permissions)

    def permission(self, endpoint: str) -> Permission | None:
        """What ``METHOD /path`` needs of a known actor; None if it is enough to be known.

        Raises:
            UnlistedEndpointError: The table does not list it.
        """
        if endpoint in self.anyone_known:
            return None
        return _listed(self.permissions, endpoint)

    def page(self, path: str) -> Permission:
        """What a page of the console needs.

        Raises:
            UnlistedEndpointError: The table does not list it.
        """
        return _listed(self.pages, f"GET {path}")


def _listed(permissions: dict[str, Permission], endpoint: str) -> Permission:
    try:
        return permissions[endpoint]
    except KeyError:
        raise UnlistedEndpointError(
            f"{endpoint} is not in {TABLE.name}, so nobody may use it; list it there"
        ) from None


@functools.cache
def load_access_table() -> AccessTable:
    """Read the table, once per process."""
    file = _TableFile.model_validate(yaml.safe_load(TABLE.read_text(encoding="utf-8")))
    return AccessTable(
        public=frozenset(file.public),
        sign_in=frozenset(file.sign_in),
        anyone_known=frozenset(file.anyone_known),
        pages=_by_endpoint(file.pages),
        permissions=_by_endpoint(file.permissions),
    )


def _by_endpoint(permissions: tuple[Permission, ...]) -> dict[str, Permission]:
    return {endpoint: one for one in permissions for endpoint in one.endpoints}
