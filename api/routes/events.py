"""Events in, events out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query

from api.contract.confirmations import ConfirmationStatus
from api.contract.events import (
    BatchReceipt,
    EventBatch,
    EventId,
    EventPage,
    EventStatus,
    StoredEventFeature,
)
from api.contract.moment import Moment
from api.events.event_query import Box, BoxError, Cursor, CursorError, EventFilter
from api.grids.grid import UnitGrid
from api.grids.ground_reach import EVERYWHERE, GroundReach
from api.http.problems import invalid, not_found, read_document
from api.routes import examples
from api.routes.access import Shared, require_key
from api.routes.answers import (
    BODY_PROBLEMS,
    INVALID,
    MISSING,
    UNAUTHORIZED,
    example,
    json_body,
)
from api.routes.bodies import JsonBody
from api.routes.reached import Reached, ground_of
from models.words import CameraId, IssueCode, IssueKind

router = APIRouter(prefix="/v1", tags=["events"])

LARGEST_PAGE = 500


@router.post(
    "/events",
    summary="Take in a batch of events",
    responses={200: example(examples.BATCH_RECEIPT), **UNAUTHORIZED, **BODY_PROBLEMS, **INVALID},
    openapi_extra=json_body("EventBatch", examples.EVENT_BATCH, "application/geo+json"),
)
async def post_events(
    services: Shared,
    key: Annotated[str, Depends(require_key)],
    body: JsonBody,
    date: Annotated[str | None, Header(description="The worker's clock.")] = None,
) -> BatchReceipt:
    """Store up to 200 events; answered only after they are committed.

    Each feature is judged alone, and the receipts stand in the order of the batch. Send an
    event again with a higher `revision` when it changed; a repeated or overtaken delivery is a
    `duplicate` and changes nothing. Its evidence must have been uploaded before. One that by
    the clock here has still to happen is `deferred`: keep it and send it again later.
    """
    services.worker_clocks.note(key, date)
    batch = read_document(EventBatch, body)
    with services.metrics.ingest_seconds.time():
        receipts = await services.events.store(batch.features)
    for receipt in receipts:
        services.metrics.count(receipt)
    return BatchReceipt(receipts=receipts)


def event_filter(  # noqa: PLR0913, PLR0917 - one parameter per query parameter
    issue_code: Annotated[
        list[IssueCode] | None, Query(description="Of this type; may be given several times.")
    ] = None,
    kind: Annotated[
        list[IssueKind] | None,
        Query(
            description="Its type is of this kind; may be given several times. `camera` are "
            "faults of the cameras themselves."
        ),
    ] = None,
    camera_id: Annotated[CameraId | None, Query(description="Seen by this camera.")] = None,
    unit_grid: Annotated[UnitGrid | None, Query(description="In this management cell.")] = None,
    status: Annotated[EventStatus | None, Query(description="Standing or cleared.")] = None,
    since: Annotated[
        Moment | None, Query(description="first_seen at or after, RFC 3339 with a zone.")
    ] = None,
    until: Annotated[
        Moment | None, Query(description="first_seen before, RFC 3339 with a zone.")
    ] = None,
    box: Annotated[
        str | None,
        Query(
            description="In this rectangle: minlon,minlat,maxlon,maxlat.",
            examples=["113.93,22.53,113.95,22.55"],
        ),
    ] = None,
    confirmation: Annotated[
        list[ConfirmationStatus] | None,
        Query(description="Its confirmation stands like this; may be given several times."),
    ] = None,
    recurrence_of: Annotated[
        EventId | None, Query(description="It is the return of this event, which had cleared.")
    ] = None,
    reach: Annotated[GroundReach, Depends(ground_of)] = EVERYWHERE,
) -> EventFilter:
    """Read the filter from the query.

    Raises:
        ProblemError: 422, ``box`` is none.
    """
    try:
        parsed = None if box is None else Box.parse(box)
    except BoxError as error:
        raise invalid("box", str(error), box) from None
    return EventFilter(
        issue_codes=tuple(issue_code or ()),
        kinds=frozenset(kind or ()),
        camera_id=camera_id,
        unit_grid=unit_grid,
        status=status,
        since=since,
        until=until,
        box=parsed,
        confirmations=frozenset(confirmation or ()),
        recurrence_of=recurrence_of,
        reach=reach,
    )


@router.get(
    "/events",
    summary="List events, newest first",
    responses={200: example(examples.EVENT_PAGE), **INVALID},
)
async def list_events(
    services: Shared,
    wanted: Annotated[EventFilter, Depends(event_filter)],
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Events per page.")] = 100,
    cursor: Annotated[
        str | None, Query(description="The next_cursor of the page before, with the same filter.")
    ] = None,
) -> EventPage:
    """Give a page of events as a GeoJSON feature collection.

    Users see what lies at or below their unit.

    Pages are stable: events that come in meanwhile neither repeat nor hide others.
    """
    try:
        start = None if cursor is None else Cursor.parse(cursor)
    except CursorError as error:
        raise invalid("cursor", str(error), cursor) from None
    return await services.events.page(wanted, limit, start)


@router.get(
    "/events/{event_id}",
    summary="One event",
    responses={200: example(examples.STORED_EVENT), **MISSING, **INVALID},
)
async def get_event(
    services: Shared, reach: Reached, event_id: Annotated[EventId, Path()]
) -> StoredEventFeature:
    """Give one event."""
    event = await services.events.get(event_id, reach)
    if event is None:
        raise not_found("event_id", event_id)
    return event
