"""Legal holds: what must stay, whatever its period says."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import JsonValue

from api.accounts.actor import Actor
from api.contract.cases import CaseId
from api.contract.events import EventId
from api.contract.holds import Hold, HoldKind, HoldPage, HoldState, HoldToSet
from api.http.problems import ProblemError, not_found, read_document
from api.retention.hold_store import (
    HoldSubject,
    NotHeldError,
    OtherHoldError,
    UnknownSubjectError,
)
from api.routes import hold_examples as examples
from api.routes.access import Audit, Audited, KnownActor, Shared
from api.routes.answers import BODY_PROBLEMS, INVALID, MISSING, example, json_body, problem
from api.routes.bodies import JsonBody
from api.services import Services

router = APIRouter(prefix="/v1", tags=["holds"])

LARGEST_PAGE = 500
_LARGEST_NUMBER = 2**63 - 1

CasePath = Annotated[CaseId, Path()]
EventPath = Annotated[EventId, Path()]

_SET = {
    200: example(examples.HOLD),
    **problem(
        HTTPStatus.CONFLICT,
        "It is held for another reason.",
        "case 01JD8Z6Q3V5W7X9Y1A3C5E7G9K is held by li.na since 2026-11-28T09:14:03+00:00 for "
        "another reason; lift that hold first",
    ),
    **BODY_PROBLEMS,
    **MISSING,
    **INVALID,
}
_BODY = json_body("HoldToSet", examples.HOLD_TO_SET)
_LIFTED = {204: {"description": "It is held no more."}, **MISSING, **INVALID}


@router.get(
    "/holds",
    summary="List legal holds, newest first",
    responses={200: example(examples.HOLD_PAGE), **INVALID},
)
async def list_holds(
    services: Shared,
    actor: KnownActor,
    state: Annotated[
        HoldState | None, Query(description="Only those that stand, or only lifted ones.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Holds per page.")] = 100,
    cursor: Annotated[
        int | None,
        Query(ge=1, le=_LARGEST_NUMBER, description="The next_cursor of the page before."),
    ] = None,
) -> HoldPage:
    """Give the holds on what lies at or below the unit of whoever asks."""
    return await services.holds.page(state, actor, limit, cursor)


@router.put("/cases/{case_id}/hold", summary="Hold a case", responses=_SET, openapi_extra=_BODY)
async def put_case_hold(
    services: Shared, audit: Audited, actor: KnownActor, case_id: CasePath, body: JsonBody
) -> Hold:
    """Keep a case's pictures and those of its events until the hold is lifted.

    When the answer comes, nothing more of it is deleted. The hold of a case that is merged goes
    on to the other case.
    """
    said = read_document(HoldToSet, body)
    desk = _Desk(services, audit, actor, HoldSubject(HoldKind.CASE, case_id))
    return await desk.set_hold(said.reason)


@router.delete(
    "/cases/{case_id}/hold",
    summary="Lift the hold on a case",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    responses=_LIFTED,
)
async def delete_case_hold(
    services: Shared, audit: Audited, actor: KnownActor, case_id: CasePath
) -> Response:
    """End a hold; what is past its period by then is deleted soon."""
    return await _Desk(services, audit, actor, HoldSubject(HoldKind.CASE, case_id)).lift()


@router.put("/events/{event_id}/hold", summary="Hold an event", responses=_SET, openapi_extra=_BODY)
async def put_event_hold(
    services: Shared, audit: Audited, actor: KnownActor, event_id: EventPath, body: JsonBody
) -> Hold:
    """Keep an event's pictures until the hold is lifted."""
    said = read_document(HoldToSet, body)
    desk = _Desk(services, audit, actor, HoldSubject(HoldKind.EVENT, event_id))
    return await desk.set_hold(said.reason)


@router.delete(
    "/events/{event_id}/hold",
    summary="Lift the hold on an event",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    responses=_LIFTED,
)
async def delete_event_hold(
    services: Shared, audit: Audited, actor: KnownActor, event_id: EventPath
) -> Response:
    """End a hold; what is past its period by then is deleted soon."""
    return await _Desk(services, audit, actor, HoldSubject(HoldKind.EVENT, event_id)).lift()


class _Desk:
    """Sets and lifts the hold on one thing, and keeps who did."""

    def __init__(
        self, services: Services, audit: Audit, actor: Actor, subject: HoldSubject
    ) -> None:
        self._holds = services.holds
        self._audit = audit
        self._actor = actor
        self._subject = subject

    async def set_hold(self, reason: str) -> Hold:
        try:
            hold = await self._holds.set_hold(self._subject, reason, self._actor)
        except UnknownSubjectError:
            raise self._missing() from None
        except OtherHoldError as error:
            raise ProblemError(HTTPStatus.CONFLICT, str(error)) from None
        await self._record("set_hold", {"reason": reason})
        return hold

    async def lift(self) -> Response:
        try:
            hold = await self._holds.lift(self._subject, self._actor)
        except UnknownSubjectError:
            raise self._missing() from None
        except NotHeldError as error:
            raise ProblemError(HTTPStatus.NOT_FOUND, str(error)) from None
        await self._record("lift_hold", {"hold_id": hold.hold_id, "reason": hold.reason})
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def _record(self, action: str, said: dict[str, JsonValue]) -> None:
        details = {"kind": self._subject.kind.value, **said}
        await self._audit.record(action, self._subject.subject_id, details)

    def _missing(self) -> ProblemError:
        return not_found(f"{self._subject.kind.value}_id", self._subject.subject_id)
