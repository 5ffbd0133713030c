"""Who sent a request, and whether they may use its endpoint."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request

from api.accounts.access_table import load_access_table
from api.accounts.actor import Actor
from api.accounts.known_actors import actor_of
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


async def require_key(actor: KnownActor) -> str:
    """Return the name of whoever sends the request."""
    return actor.name
