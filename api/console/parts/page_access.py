"""Which page of the console is open to whom."""

from fastapi import Request

from api.accounts.access_table import Permission, load_access_table
from api.accounts.actor import Actor
from api.accounts.known_actors import actor_of
from streams.kit.errors import CityPatrolError


class PageRefusedError(CityPatrolError):
    """A page that is not for whoever asks for it.

    Attributes:
        actor: Who asks.
        permission: What the page needs.
    """

    def __init__(self, actor: Actor, permission: Permission) -> None:
        self.actor = actor
        self.permission = permission
        super().__init__(f"{actor.name} may not see this page ({permission.name})")


async def may_see(request: Request) -> None:
    """Let nobody past who may not see the page.

    Raises:
        PageRefusedError: They may not.
    """
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the middleware lets nobody else come to a page
    permission = load_access_table().page(request.scope["route"].path)
    if not permission.allows(actor):
        raise PageRefusedError(actor, permission)
