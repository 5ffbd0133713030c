"""Who has opened a page of the console."""

from dataclasses import dataclass

from fastapi import Request

from api.accounts.actor import Actor, ActorKind
from api.accounts.authenticator import Credentials
from api.accounts.known_actors import actor_of
from api.services import Services


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever looks at a page.

    Attributes:
        actor: Who it is.
        name: What they are called.
        credentials: What shows it, for as long as it is good.
        path: Of the page, to come back to after signing in again.
    """

    actor: Actor
    name: str
    credentials: Credentials
    path: str


async def visitor_of(request: Request, services: Services) -> Visitor:
    """Say who has opened a page."""
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the middleware lets nobody else come to a page
    user = await services.users.get(actor.name) if actor.kind is ActorKind.USER else None
    query = f"?{request.url.query}" if request.url.query else ""
    return Visitor(
        actor,
        actor.name if user is None else user.name,
        Credentials.of(request),
        request.url.path + query,
    )
