"""The routes of Open311 GeoReport v2."""

from http import HTTPStatus
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.cases.case_errors import ActionFieldsError
from api.contract.open311 import AcceptedRequest, ServiceDefinition
from api.open311 import descriptions
from api.open311.answers import REQUESTS, SERVICES, AnswerFormat, listed, single
from api.open311.public_requests import PublicRequests
from api.open311.refusal import RefusalError, bad_request
from api.open311.refusing_route import RefusingRoute
from api.open311.reporter import reporter_of, require_reporter
from api.open311.request_form import notice_of, read_form, read_report
from api.open311.request_query import Moments, RequestQuery
from api.open311.service_list import all_services, service_type
from api.open311.shown_pictures import shown_pictures
from api.services import Services, services_of

router = APIRouter(prefix="/open311/v2", tags=["open311"], route_class=RefusingRoute)

Shared = Annotated[Services, Depends(services_of)]
Extension = Annotated[AnswerFormat, Path(description="How the answer is written.")]
ApiKey = Annotated[str | None, Query(description="A key of the scope intake.")]
_TEXT: dict[str, Any] = {"max_length": 5000}


@router.get(
    "/services.{extension}", summary="What can be reported", responses=descriptions.SERVICES
)
async def list_services(services: Shared, extension: Extension) -> Response:
    """Give the issue types of the street as services; open to everybody."""
    return listed(all_services(services.catalogue), SERVICES, extension)


@router.get(
    "/services/{service_code}.{extension}",
    summary="What a report may say",
    responses=descriptions.DEFINITION,
)
async def get_service(services: Shared, service_code: str, extension: Extension) -> Response:
    """Give the attributes of a service, of which there are none; open to everybody."""
    issue = service_type(services.catalogue, service_code)
    return single(ServiceDefinition(service_code=issue.code), "service_definition", extension)


@router.post(
    "/requests.{extension}",
    summary="Report a matter by Open311",
    status_code=HTTPStatus.CREATED,
    responses=descriptions.ACCEPTED,
    openapi_extra=descriptions.FORM_BODY,
)
async def post_request(
    services: Shared, request: Request, extension: Extension, api_key: ApiKey = None
) -> Response:
    """Open a case. The key is a field `api_key`, or the header `Authorization: Bearer …`."""
    form = await read_form(request)
    actor = await require_reporter(request, services, form.get("api_key") or api_key)
    report = read_report(form, services.catalogue)
    try:
        case = await services.desk.reports.take(report, actor)
    except ActionFieldsError as error:
        raise bad_request(str(error)) from None
    accepted = AcceptedRequest(service_request_id=case.number, service_notice=notice_of(form))
    return listed([accepted], REQUESTS, extension, HTTPStatus.CREATED)


@router.get(
    "/requests.{extension}",
    summary="Matters that were reported by Open311",
    responses=descriptions.REQUESTS,
)
async def list_requests(  # noqa: PLR0913, PLR0917 - one parameter per query parameter
    services: Shared,
    request: Request,
    extension: Extension,
    service_request_id: Annotated[
        str | None, Query(**_TEXT, description="These, with commas between; overrides the rest.")
    ] = None,
    service_code: Annotated[
        str | None, Query(**_TEXT, description="Of these services, with commas between.")
    ] = None,
    start_date: Annotated[
        str | None, Query(description="Reported at or after; a W3C date.")
    ] = None,
    end_date: Annotated[str | None, Query(description="Reported at or before; a W3C date.")] = None,
    status: Annotated[str | None, Query(**_TEXT, description="`open` or `closed`.")] = None,
    api_key: ApiKey = None,
) -> Response:
    """Give what was reported in the last 90 days or another span as long, newest first.

    At most 1,000. Open to everybody; with a key, and by number, also what that key reported
    through another channel.
    """
    given = {
        "service_request_id": service_request_id,
        "service_code": service_code,
        "start_date": start_date,
        "end_date": end_date,
        "status": status,
    }
    ground = services.desk.ground
    moments = Moments(ground.time.now(), ZoneInfo(ground.limits.settings.time_zone))
    wanted = RequestQuery.parse({name: text for name, text in given.items() if text}, moments)
    for code in wanted.service_codes:
        service_type(services.catalogue, code)
    reporter = await reporter_of(request, services, api_key)
    pictures = await shown_pictures(request, services, api_key)
    requests = PublicRequests(services.desk.ground)
    return listed(await requests.find(wanted, reporter, pictures), REQUESTS, extension)


@router.get(
    "/requests/{service_request_id}.{extension}",
    summary="One matter that was reported",
    responses=descriptions.REQUESTS,
)
async def get_request(
    services: Shared,
    request: Request,
    service_request_id: str,
    extension: Extension,
    api_key: ApiKey = None,
) -> Response:
    """Give one matter; open to everybody for what was reported by Open311."""
    ground = services.desk.ground
    moments = Moments(ground.time.now(), ZoneInfo(ground.limits.settings.time_zone))
    wanted = RequestQuery.parse({"service_request_id": service_request_id}, moments)
    reporter = await reporter_of(request, services, api_key)
    pictures = await shown_pictures(request, services, api_key)
    found = await PublicRequests(services.desk.ground).find(wanted, reporter, pictures)
    if not found:
        raise RefusalError(
            HTTPStatus.NOT_FOUND, f"service_request_id {service_request_id[:40]!r} was not found"
        )
    return listed(found, REQUESTS, extension)
