"""Evidence pictures, named by the sha256 of their bytes."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Response

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
from models.words import Sha256

router = APIRouter(prefix="/v1/evidence", tags=["evidence"])

# What a hash names never changes.
CACHE_FOR_GOOD = "public, max-age=31536000, immutable"


@router.put(
    "/{sha256}",
    summary="Upload a picture",
    status_code=HTTPStatus.CREATED,
    response_class=Response,
    dependencies=[Depends(require_key)],
    responses={
        201: {"description": "Kept for good."},
        200: {"description": "Was kept before; nothing changed."},
        **UNAUTHORIZED,
        **BODY_PROBLEMS,
        **INVALID,
    },
    openapi_extra=jpeg_body(),
)
async def put_evidence(
    services: Shared,
    sha256: Annotated[Sha256, Path()],
    jpeg: JpegBody,
) -> Response:
    """Keep a JPEG under its hash, before the event that names it; may be repeated."""
    try:
        is_new = await services.evidence.put(sha256, jpeg)
    except ValueError as error:
        raise invalid("sha256", str(error), sha256) from None
    return Response(status_code=HTTPStatus.CREATED if is_new else HTTPStatus.OK)


@router.get(
    "/{sha256}",
    summary="Download a picture",
    response_class=Response,
    responses={
        200: jpeg_answer("The picture."),
        304: {"description": "As in If-None-Match."},
        **MISSING,
        **INVALID,
    },
)
async def get_evidence(
    services: Shared,
    sha256: Annotated[Sha256, Path()],
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Give a picture; browsers may keep it for good."""
    jpeg = await services.evidence.get(sha256)
    if jpeg is None:
        raise not_found("sha256", sha256)
    headers = {"ETag": f'"{sha256}"', "Cache-Control": CACHE_FOR_GOOD}
    return jpeg_response(jpeg, headers, if_none_match)
