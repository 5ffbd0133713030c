"""Whose request it is: by a key in the field ``api_key``, or in the header as elsewhere."""

from http import HTTPStatus

from fastapi import Request

from api.accounts.access_table import load_access_table
from api.accounts.actor import Actor
from api.accounts.authenticator import Credentials
from api.accounts.known_actors import actor_of
from api.open311.refusal import RefusalError
from api.services import Services

# Who may report a matter there may do so here, as far as it is a key.
SAME_AS = "POST /v1/cases"


async def known_actor(request: Request, services: Services, api_key: str | None) -> Actor | None:
    """Return whose valid key or token a request brings; else None.

    A cookie counts for nothing: a page of another site could send it along.
    """
    if api_key:
        return await services.authenticator.actor(Credentials(f"Bearer {api_key}", None))
    return actor_of(request) if "authorization" in request.headers else None


async def reporter_of(request: Request, services: Services, api_key: str | None) -> Actor | None:
    """Return whose valid key a request brings, if that key may report matters; else None."""
    actor = await known_actor(request, services, api_key)
    permission = load_access_table().permission(SAME_AS)
    scopes = frozenset() if permission is None else permission.scopes
    return actor if actor is not None and actor.scopes & scopes else None


async def require_reporter(request: Request, services: Services, api_key: str | None) -> Actor:
    """Return whose key a request brings.

    Raises:
        RefusalError: 403, it brings none that may report matters.
    """
    actor = await reporter_of(request, services, api_key)
    if actor is None:
        raise RefusalError(
            HTTPStatus.FORBIDDEN,
            "api_key is missing or not valid for reports; it is a key of the scope intake "
            "(`citypatrol keys create NAME --scope intake`)",
        )
    return actor
