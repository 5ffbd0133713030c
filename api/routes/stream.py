"""Events as they change, pushed to the reader."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

import structlog
from fastapi import APIRouter, Header, Query, Request
from sqlalchemy.exc import SQLAlchemyError
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.accounts.actor import Actor
from api.accounts.authenticator import Credentials
from api.accounts.known_actors import actor_of
from api.events.change_feed import Subscription
from api.grids.ground_reach import EVERYWHERE, GroundReach
from api.http.problems import invalid
from api.routes import examples
from api.routes.access import Shared
from api.routes.answers import INVALID
from api.routes.reached import Reached, ground_of
from api.services import Services

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/v1/stream", tags=["events"])

LARGEST_CHANGE = 2**63 - 1


@router.get(
    "",
    summary="Follow events",
    response_class=EventSourceResponse,
    responses={
        200: {
            "description": "Server-sent events: `id` is the change number, `data` an event.",
            "content": {"text/event-stream": {"example": examples.STREAM}},
        },
        **INVALID,
    },
)
async def stream(
    services: Shared,
    request: Request,
    reach: Reached,
    last_event_id: Annotated[
        str | None, Header(description="Change number after which to go on.")
    ] = None,
    after: Annotated[
        int | None,
        Query(ge=0, le=LARGEST_CHANGE, description="The same, for clients without headers."),
    ] = None,
) -> EventSourceResponse:
    """Send every event when it is stored or changes, for as long as the reader listens.

    Users get those at or below their unit.

    A reader that comes back with `Last-Event-ID`, as browsers do by themselves, first gets what
    it missed. One that reads too slowly is cut off, and comes back the same way; one whose key,
    token or session has ended is cut off and comes back with another.
    """
    start = after if last_event_id is None else _change(last_event_id)
    return EventSourceResponse(
        _messages(services, start, _Reader(Credentials.of(request), actor_of(request), reach)),
        ping=services.settings.stream_ping_seconds,
        headers={"X-Content-Type-Options": "nosniff"},
    )


def _change(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST_CHANGE):
        raise invalid("last-event-id", "is no change number", text)
    return int(text)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads a stream.

    Attributes:
        credentials: What shows it, for as long as it is good.
        actor: Who it is.
        reach: On which ground they see events.
    """

    credentials: Credentials
    actor: Actor | None
    reach: GroundReach

    async def end_when_unknown(self, services: Services, subscription: Subscription) -> None:
        """Cut the reader off once the credentials are no longer theirs, or their ground changed."""
        while True:
            await asyncio.sleep(services.settings.stream_ping_seconds)
            try:
                actor = await services.authenticator.actor(self.credentials)
                reach = EVERYWHERE if actor is None else await ground_of(services, actor)
            except (SQLAlchemyError, OSError):
                # The feed finds out about the database by itself.
                continue
            if (actor, reach) != (self.actor, self.reach):
                subscription.end()
                return


async def _messages(services: Services, after: int | None, reader: _Reader) -> AsyncIterator[bytes]:
    # The first bytes tell the reader that it is connected, before anything happens.
    yield ServerSentEvent(comment="connected").encode()
    try:
        async with services.changes.subscribe(after) as subscription:
            watch = asyncio.create_task(reader.end_when_unknown(services, subscription))
            try:
                async for changed in subscription:
                    theirs = changed.within(reader.reach)
                    if theirs is not None:
                        yield theirs.messages
            finally:
                watch.cancel()
    except (SQLAlchemyError, OSError) as error:
        # The answer has begun, so that no status can tell; the reader comes back for the rest.
        log.warning("stream_ended", error=str(error).splitlines()[:1])
