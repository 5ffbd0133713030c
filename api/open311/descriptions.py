"""What the OpenAPI description says of the routes of Open311."""

from typing import Any

from pydantic import BaseModel

from api.contract.open311 import (
    AcceptedRequest,
    Fault,
    Service,
    ServiceDefinition,
    ServiceRequest,
)

_SERVICE = Service(
    service_code="06010",
    service_name="暴露垃圾 / Exposed rubbish",
    description="Exposed rubbish",
    keywords="暴露垃圾,exposed,rubbish",
    group="市容环境 / City appearance and environment",
)
_REQUEST = ServiceRequest.model_validate(
    {
        "service_request_id": "20251121-000017",
        "status": "open",
        "status_notes": "处置中 / being handled",
        "service_name": _SERVICE.service_name,
        "service_code": _SERVICE.service_code,
        "description": "垃圾堆在门口",
        "agency_responsible": "环卫处 / Sanitation",
        "requested_datetime": "2025-11-21T08:30:10+08:00",
        "updated_datetime": "2025-11-21T08:41:02+08:00",
        "expected_datetime": "2025-11-21T12:30:10+08:00",
        "lat": 22.5403,
        "long": 113.9413,
    }
)
_FAULT = Fault(code=404, description="service_code '00000' was not found")


def _both_forms(example: object, xml: str) -> dict[str, Any]:
    return {"content": {"application/json": {"example": example}, "text/xml": {"example": xml}}}


def _list_of(document: BaseModel, xml: str) -> dict[str, Any]:
    return _both_forms([document.model_dump(mode="json")], xml)


_Answers = dict[int | str, dict[str, Any]]

REFUSALS: _Answers = {
    "4XX": {
        "description": "It is refused: a list of `code` and `description`.",
        **_list_of(_FAULT, "<errors><error><code>404</code>…</error></errors>"),
    }
}
SERVICES: _Answers = {
    200: _list_of(_SERVICE, "<services><service>…</service></services>"),
    **REFUSALS,
}
DEFINITION: _Answers = {
    200: _both_forms(
        ServiceDefinition(service_code="06010").model_dump(mode="json"),
        "<service_definition><service_code>06010</service_code>…</service_definition>",
    ),
    **REFUSALS,
}
_REQUESTS_XML = "<service_requests><request>…</request></service_requests>"
REQUESTS: _Answers = {200: _list_of(_REQUEST, _REQUESTS_XML), **REFUSALS}
ACCEPTED: _Answers = {
    201: _list_of(AcceptedRequest(service_request_id="20251121-000017"), _REQUESTS_XML),
    **REFUSALS,
}
FORM = {
    "service_code": "06010",
    "lat": 22.5403,
    "long": 113.9413,
    "description": "垃圾堆在门口",
    "api_key": "cp_…",
}
FORM_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["service_code", "lat", "long"],
                    "properties": {
                        "service_code": {"type": "string"},
                        "lat": {"type": "number"},
                        "long": {"type": "number"},
                        "description": {"type": "string", "maxLength": 1000},
                        "address_string": {"type": "string"},
                        "api_key": {"type": "string"},
                    },
                },
                "example": FORM,
            }
        },
    }
}
