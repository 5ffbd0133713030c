"""Who sent a request, and whether they may use its endpoint."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from pydantic import JsonValue

from api.accounts.access_table import load_access_table
from api.accounts.actor import Actor
from api.accounts.audit_log import NOBODY
from api.accounts.known_actors import actor_of
from api.http.client_address import address_of
from api.http.problems import ProblemError
from api.services import Services, services_of

Shared = Annotated[Services, Depends(services_of)]


async def authorised(request: Request) -> Actor | None:
    """Return who sends the request; None only where the endpoint is open to nobody in particular.

    Raises:
        ProblemError: 403, they may not use this endpoint.
    """
    actor = actor_of(request)
    table = load_access_table()
    endpoint = f"{'GET' if request.method == 'HEAD' else request.method} {_path(request)}"
    if endpoint in table.public:
        return actor
    permission = table.permission(endpoint)
    assert actor is not None  # noqa: S101 - the middleware lets nobody else this far
    if permission is None or permission.allows(actor):
        return actor
    allowed = ", ".join(
        sorted([*permission.roles, *(f"{scope} keys" for scope in permission.scopes)])
    )
    raise ProblemError(
        HTTPStatus.FORBIDDEN,
        f"{actor.name} may not use {endpoint} ({permission.name}); it is for: {allowed}",
    )


def _path(request: Request) -> str:
    return str(request.scope["route"].path)


async def require_actor(actor: Annotated[Actor | None, Depends(authorised)]) -> Actor:
    """Return who sends the request to an endpoint that is not open."""
    assert actor is not None  # noqa: S101 - the table lists it as not public; a test walks it
    return actor


KnownActor = Annotated[Actor, Depends(require_actor)]
"""Who sends the request."""


class Audit:
    """Keeps in the audit log what somebody does; a parameter of a route.

    Args:
        services: Where the log is.
        request: Where they do it from.
    """

    def __init__(self, services: Shared, request: Request) -> None:
        self._log = services.audit
        self._actor = actor_of(request)
        self._address = address_of(request)

    @property
    def name(self) -> str:
        """Who they are."""
        return NOBODY if self._actor is None else self._actor.name

    async def record(
        self, action: str, subject: str, details: Mapping[str, JsonValue] | None = None
    ) -> None:
        """Keep that they do something; when this returns, it is committed.

        Raises:
            SQLAlchemyError: The database did not take it: then it must not be done.
        """
        await self._log.record(self._actor, self._address, action, subject, details)


Audited = Annotated[Audit, Depends()]
"""Keeps what is done in the audit log."""


async def require_key(actor: KnownActor) -> str:
    """Return the name of whoever sends the request."""
    return actor.name
