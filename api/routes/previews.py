"""The newest picture of each camera, with boxes drawn."""

from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Response

from api.contract.moment import Moment
from api.events.event_judge import NEAR_FUTURE
from api.http.problems import invalid, not_found
from api.routes.access import Shared, require_key
from api.routes.answers import (
    BODY_PROBLEMS,
    INVALID,
    MISSING,
    UNAUTHORIZED,
    jpeg_answer,
    jpeg_body,
    jpeg_response,
)
from api.routes.bodies import JpegBody
from api.routes.reached import Reached, check_camera
from models.words import CameraId

router = APIRouter(prefix="/v1/cameras", tags=["cameras"])


@router.put(
    "/{camera_id}/preview",
    summary="Show a camera's newest picture",
    status_code=HTTPStatus.NO_CONTENT,
    dependencies=[Depends(require_key)],
    responses={**UNAUTHORIZED, **BODY_PROBLEMS, **MISSING, **INVALID},
    openapi_extra=jpeg_body(),
)
async def put_preview(
    services: Shared,
    camera_id: Annotated[CameraId, Path()],
    jpeg: JpegBody,
    x_captured_at: Annotated[
        Moment, Header(description="When the camera took it, RFC 3339 with a zone.")
    ],
) -> None:
    """Keep a JPEG until a newer one comes; one older than the present one is dropped."""
    now = datetime.now(UTC)
    if x_captured_at > now + NEAR_FUTURE:
        raise invalid("x-captured-at", "lies in the future", x_captured_at.isoformat())
    # A picture by a fast clock would else stay in front of all that follow once it is set.
    captured_at = min(x_captured_at, now)
    if not await services.previews.put(camera_id, jpeg, captured_at):
        raise not_found("camera_id", camera_id)


@router.get(
    "/{camera_id}/preview",
    summary="A camera's newest picture",
    response_class=Response,
    responses={
        200: jpeg_answer("The picture; `Last-Modified` is when the camera took it."),
        304: {"description": "As in If-None-Match."},
        **MISSING,
        **INVALID,
    },
)
async def get_preview(
    services: Shared,
    reach: Reached,
    camera_id: Annotated[CameraId, Path()],
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Give the newest picture; ask again with `If-None-Match` as often as you like."""
    await check_camera(services, reach, camera_id)
    preview = await services.previews.get(camera_id)
    if preview is None:
        raise not_found("camera_id", camera_id)
    headers = {
        "ETag": f'"{preview.sha256[:32]}"',
        "Last-Modified": format_datetime(preview.captured_at.astimezone(UTC), usegmt=True),
        "Cache-Control": "no-cache",
    }
    return jpeg_response(preview.jpeg, headers, if_none_match)
