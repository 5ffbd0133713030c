"""Cases: reported, read, and brought from state to state."""

import re
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response

from api.cases.case import Case
from api.cases.case_desk import AskedAction
from api.cases.case_query import CaseCursor, CaseCursorError, CaseFilter
from api.contract.accounts import Login, UnitId
from api.contract.case_words import CaseSource, CaseState, Light
from api.contract.cases import (
    LARGEST_PAGE,
    ActionName,
    CaseAction,
    CaseDocument,
    CaseHistory,
    CaseId,
    CasePage,
    CaseReport,
    PossibleActions,
)
from api.contract.events import EventId
from api.contract.moment import Moment
from api.grids.grid import UnitGrid
from api.http.client_address import address_of
from api.http.problems import invalid, not_found, read_document
from api.routes import case_examples as examples
from api.routes.access import Audited, KnownActor, Shared
from api.routes.answers import (
    BODY_PROBLEMS,
    INVALID,
    MISSING,
    example,
    jpeg_answer,
    jpeg_response,
    json_body,
)
from api.routes.bodies import JsonBody
from api.routes.case_problems import ACTION_PROBLEMS, CASE_ERRORS, FORBIDDEN, case_problem
from models.words import IssueCode

router = APIRouter(prefix="/v1/cases", tags=["cases"])

# A list that is scrolled asks for each once, not whenever its row comes into view.
THUMBNAIL_CACHE = "private, max-age=300"
_ETAG = re.compile(r'(?:W/)?"(\d{1,9})"')


def case_filter(  # noqa: PLR0913, PLR0917 - one parameter per query parameter
    state: Annotated[
        list[CaseState] | None, Query(description="In this state; may be given several times.")
    ] = None,
    is_open: Annotated[
        bool | None, Query(alias="open", description="Whether anything is left to do.")
    ] = None,
    light: Annotated[
        list[Light] | None, Query(description="Its running clock stands like this.")
    ] = None,
    issue_code: Annotated[list[IssueCode] | None, Query(description="Of this type.")] = None,
    source: Annotated[
        list[CaseSource] | None, Query(description="It came through this channel.")
    ] = None,
    department: Annotated[UnitId | None, Query(description="This unit handles it.")] = None,
    handler: Annotated[Login | None, Query(description="This person handles it.")] = None,
    unit_grid: Annotated[UnitGrid | None, Query(description="In this management cell.")] = None,
    text: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=100,
            pattern=r"^[^\x00]*$",
            description="Its number starts so, or the report says so.",
        ),
    ] = None,
    since: Annotated[Moment | None, Query(description="Reported at or after.")] = None,
    until: Annotated[Moment | None, Query(description="Reported before.")] = None,
    event_id: Annotated[EventId | None, Query(description="About this event.")] = None,
) -> CaseFilter:
    """Read the filter from the query."""
    return CaseFilter(
        states=tuple(state or ()),
        is_open=is_open,
        lights=tuple(light or ()),
        issue_codes=tuple(issue_code or ()),
        sources=tuple(source or ()),
        department_id=department,
        handler=handler,
        unit_grid=unit_grid,
        text=text,
        since=since,
        until=until,
        event_id=event_id,
    )


@router.post(
    "",
    summary="Report a matter",
    status_code=HTTPStatus.CREATED,
    response_model=CaseDocument,
    responses={201: example(examples.CASE), **FORBIDDEN, **BODY_PROBLEMS, **INVALID},
    openapi_extra=json_body("CaseReport", examples.CASE_REPORT),
)
async def post_case(
    services: Shared, request: Request, actor: KnownActor, body: JsonBody, response: Response
) -> CaseDocument:
    """Open a case. One that repeats an open case close by is merged into it at once.

    Upload its pictures to `/v1/evidence/{sha256}` before. The same `report_key` again is
    answered with the case that it made.
    """
    report = read_document(CaseReport, body)
    try:
        case = await services.desk.reports.take(report, actor)
    except CASE_ERRORS as error:
        raise case_problem(error) from None
    await services.audit.record(actor, address_of(request), "report_case", case.case_id)
    response.headers["Location"] = f"/v1/cases/{case.case_id}"
    return _tagged(services, case, response)


@router.get(
    "",
    summary="List cases, newest first",
    responses={200: example(examples.CASE_PAGE), **FORBIDDEN, **INVALID},
)
async def list_cases(
    services: Shared,
    actor: KnownActor,
    wanted: Annotated[CaseFilter, Depends(case_filter)],
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Cases per page.")] = 100,
    cursor: Annotated[
        str | None, Query(description="The next_cursor of the page before, with the same filter.")
    ] = None,
) -> CasePage:
    """Give a page of the cases that whoever asks may see.

    Users see what lies at or below their unit; who only handles sees what is given to them.
    """
    try:
        start = None if cursor is None else CaseCursor.parse(cursor)
    except CaseCursorError as error:
        raise invalid("cursor", str(error), cursor) from None
    return await services.desk.reader.page(wanted, actor, limit, start)


@router.get(
    "/{case_id}",
    summary="One case",
    responses={200: example(examples.CASE), **FORBIDDEN, **MISSING, **INVALID},
)
async def get_case(
    services: Shared, actor: KnownActor, case_id: Annotated[CaseId, Path()], response: Response
) -> CaseDocument:
    """Give one case; its `ETag` goes into `If-Match` of what is done with it."""
    try:
        case = await services.desk.reader.get(case_id, actor)
    except CASE_ERRORS as error:
        raise case_problem(error) from None
    response.headers["ETag"] = f'"{case.version}"'
    return case


@router.get(
    "/{case_id}/flow",
    summary="What was done with a case",
    responses={200: example(examples.CASE_HISTORY), **FORBIDDEN, **MISSING, **INVALID},
)
async def get_flow(
    services: Shared, actor: KnownActor, case_id: Annotated[CaseId, Path()]
) -> CaseHistory:
    """Give every step of a case's life, its pictures and its events."""
    try:
        return await services.desk.reader.history(case_id, actor)
    except CASE_ERRORS as error:
        raise case_problem(error) from None


@router.get(
    "/{case_id}/thumbnail",
    summary="A small picture of a case",
    response_class=Response,
    responses={
        200: jpeg_answer("240 x 160 pixels: the thing and what is around it."),
        304: {"description": "As in If-None-Match."},
        **FORBIDDEN,
        **MISSING,
        **INVALID,
    },
)
async def get_thumbnail(
    services: Shared,
    actor: KnownActor,
    audit: Audited,
    case_id: Annotated[CaseId, Path()],
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Give a part of its best picture for lists; that it was seen is kept as of the picture."""
    try:
        found = await services.thumbnails.of(case_id, actor)
    except CASE_ERRORS as error:
        raise case_problem(error) from None
    if found is None:
        raise not_found("case_id", case_id)
    await audit.record("view_evidence", found.sha256)
    headers = {"ETag": f'"{found.tag}"', "Cache-Control": THUMBNAIL_CACHE}
    return jpeg_response(found.jpeg, headers, if_none_match)


@router.get(
    "/{case_id}/actions",
    summary="What can be done with a case now",
    responses={200: example(examples.POSSIBLE_ACTIONS), **FORBIDDEN, **MISSING, **INVALID},
)
async def get_actions(
    services: Shared, actor: KnownActor, case_id: Annotated[CaseId, Path()]
) -> PossibleActions:
    """Give what can be done in its state: what whoever asks may, and why not the rest."""
    try:
        return await services.desk.transitions.possible(case_id, actor)
    except CASE_ERRORS as error:
        raise case_problem(error) from None


@router.post(
    "/{case_id}/actions/{action}",
    summary="Do something with a case",
    response_model=CaseDocument,
    responses={
        200: example(examples.CASE),
        **ACTION_PROBLEMS,
        **BODY_PROBLEMS,
        **MISSING,
        **INVALID,
    },
    openapi_extra=json_body("CaseAction", examples.CASE_ACTION),
)
async def post_action(  # noqa: PLR0913, PLR0917 - one parameter per part of the request
    services: Shared,
    request: Request,
    actor: KnownActor,
    case_id: Annotated[CaseId, Path()],
    action: Annotated[ActionName, Path()],
    body: JsonBody,
    response: Response,
    if_match: Annotated[
        str | None, Header(description="The ETag that was read; refused if it changed.")
    ] = None,
) -> CaseDocument:
    """Carry a case on. Of two who do so at once, one is told who was first, and when."""
    said = read_document(CaseAction, body)
    asked = AskedAction(case_id, action, said, _version(if_match), address_of(request))
    try:
        case = await services.desk.act(asked, actor)
    except CASE_ERRORS as error:
        raise case_problem(error) from None
    return _tagged(services, case, response)


def _tagged(services: Shared, case: Case, response: Response) -> CaseDocument:
    response.headers["ETag"] = f'"{case.version}"'
    return services.desk.reader.document(case)


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise invalid("if-match", "is no ETag of a case, which is a number in quotes", if_match)
    return int(found.group(1))
