"""What people say of events."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from api.cases.case_errors import UnknownCaseError
from api.contract.events import EventId
from api.contract.verdicts import GivenVerdict, Verdict, VerdictPage
from api.http.client_address import address_of
from api.http.problems import not_found, read_document
from api.routes import case_examples as examples
from api.routes.access import KnownActor, Shared
from api.routes.answers import BODY_PROBLEMS, INVALID, MISSING, example, json_body
from api.routes.bodies import JsonBody
from api.routes.case_problems import FORBIDDEN

router = APIRouter(prefix="/v1", tags=["verdicts"])

_LARGEST_NUMBER = 2**63 - 1


@router.post(
    "/events/{event_id}/verdicts",
    summary="Say what an event really is",
    status_code=HTTPStatus.CREATED,
    responses={
        201: example(examples.VERDICT),
        **FORBIDDEN,
        **BODY_PROBLEMS,
        **MISSING,
        **INVALID,
    },
    openapi_extra=json_body("Verdict", examples.VERDICT_TO_GIVE),
)
async def post_verdict(
    services: Shared,
    request: Request,
    actor: KnownActor,
    event_id: Annotated[EventId, Path()],
    body: JsonBody,
) -> GivenVerdict:
    """Keep a verdict, with the model, score, type and picture that it is about.

    Boxes that a person drew instead of the model's teach the next one.
    """
    verdict = read_document(Verdict, body)
    try:
        given = await services.desk.verdicts.give(event_id, verdict, actor)
    except UnknownCaseError:
        raise not_found("event_id", event_id) from None
    await services.audit.record(
        actor, address_of(request), "give_verdict", event_id, {"verdict": verdict.verdict.value}
    )
    return given


@router.get(
    "/verdicts",
    summary="List verdicts, newest first",
    responses={200: example(examples.VERDICT_PAGE), **FORBIDDEN, **INVALID},
)
async def list_verdicts(
    services: Shared,
    actor: KnownActor,
    limit: Annotated[int, Query(ge=1, le=500, description="Verdicts per page.")] = 100,
    cursor: Annotated[
        int | None,
        Query(ge=1, le=_LARGEST_NUMBER, description="The next_cursor of the page before."),
    ] = None,
) -> VerdictPage:
    """Give verdicts with what the model had said: what labelling learns from."""
    return await services.desk.verdicts.page(actor, limit, cursor)
