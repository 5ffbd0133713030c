"""Evidence pictures, named by the sha256 of their bytes."""

import hashlib
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from pydantic import BaseModel

from api.accounts.evidence_links import LinkError
from api.cases.picture_reach import may_see_picture
from api.http.problems import ProblemError, invalid, not_found
from api.routes.access import Audit, Audited, KnownActor, Shared, require_key
from api.routes.answers import (
    BODY_PROBLEMS,
    INVALID,
    MISSING,
    UNAUTHORIZED,
    example,
    jpeg_answer,
    jpeg_body,
    jpeg_response,
    problem,
)
from api.routes.bodies import JpegBody
from api.routes.examples import EVIDENCE_SHA256
from api.services import Services
from models.words import Sha256

router = APIRouter(prefix="/v1/evidence", tags=["evidence"])

# What a hash names never changes, but who may see it does, and each view is kept.
CACHE_FOR_ONE = "private, no-cache"


GONE = problem(
    HTTPStatus.GONE,
    "It was deleted, as its period was over.",
    f"picture {EVIDENCE_SHA256} was deleted at 2026-12-06T03:15:00Z: pictures of class rejected "
    "are kept for 168 h, its time began at 2026-11-29T03:04:41Z",
)


@dataclass(frozen=True, slots=True)
class SignedLink:
    """What a link to a picture holds.

    Attributes:
        sha256: The picture.
        expires: When the link ends, seconds since 1970.
        signature: Shows that it was made here.
    """

    sha256: Annotated[Sha256, Path()]
    expires: Annotated[int, Query(ge=0, le=2**53, description="When it ends, seconds since 1970.")]
    signature: Annotated[str, Query(max_length=64, description="Shows that it was made here.")]


@router.put(
    "/{sha256}",
    summary="Upload a picture",
    status_code=HTTPStatus.CREATED,
    response_class=Response,
    dependencies=[Depends(require_key)],
    responses={
        201: {"description": "Kept until its period is over."},
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


class KeptPicture(BaseModel):
    """Answer to ``POST /v1/evidence``: what to name the picture by."""

    sha256: str


@router.post(
    "",
    summary="Upload a picture and learn its name",
    status_code=HTTPStatus.CREATED,
    responses={201: example({"sha256": EVIDENCE_SHA256}), **UNAUTHORIZED, **BODY_PROBLEMS},
    openapi_extra=jpeg_body(),
)
async def post_evidence(services: Shared, jpeg: JpegBody) -> KeptPicture:
    """Keep a JPEG that a person brings along, for those whose browser cannot tell its hash."""
    sha256 = hashlib.sha256(jpeg).hexdigest()
    await services.evidence.put(sha256, jpeg)
    return KeptPicture(sha256=sha256)


@router.get(
    "/{sha256}",
    summary="Download a picture",
    response_class=Response,
    responses={
        200: jpeg_answer("The picture."),
        304: {"description": "As in If-None-Match."},
        **GONE,
        **MISSING,
        **INVALID,
    },
)
async def get_evidence(
    services: Shared,
    audit: Audited,
    actor: KnownActor,
    sha256: Annotated[Sha256, Path()],
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Give a picture; that it was seen is kept. Browsers may keep it, and ask each time.

    Users see those of events at or below their unit, and of cases that they see.
    """
    async with services.database.reading() as connection:
        if not await may_see_picture(connection, sha256, actor):
            raise not_found("sha256", sha256)
    return await _shown(services, audit, sha256, if_none_match)


@router.get(
    "/{sha256}/signed",
    summary="Download a picture by a link",
    response_class=Response,
    responses={
        200: jpeg_answer("The picture."),
        304: {"description": "As in If-None-Match."},
        **problem(
            HTTPStatus.FORBIDDEN,
            "The link has ended, or was not made here.",
            "this link has ended; ask for another one",
        ),
        **GONE,
        **MISSING,
        **INVALID,
    },
)
async def get_signed_evidence(
    services: Shared,
    audit: Audited,
    link: Annotated[SignedLink, Depends()],
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Give a picture to whoever has a link that was made for it and has not ended."""
    try:
        services.evidence_links.check(link.sha256, link.expires, link.signature)
    except LinkError as error:
        raise ProblemError(HTTPStatus.FORBIDDEN, str(error)) from None
    return await _shown(services, audit, link.sha256, if_none_match)


async def _shown(
    services: Services, audit: Audit, sha256: str, if_none_match: str | None
) -> Response:
    jpeg = await services.evidence.get(sha256)
    if jpeg is None:
        deletion = (await services.deletions.find([sha256])).get(sha256)
        if deletion is not None:
            raise ProblemError(HTTPStatus.GONE, deletion.reason)
        raise not_found("sha256", sha256)
    await audit.record("view_evidence", sha256)
    headers = {"ETag": f'"{sha256}"', "Cache-Control": CACHE_FOR_ONE}
    return jpeg_response(jpeg, headers, if_none_match)
