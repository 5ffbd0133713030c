"""Answers that several routes give, and what the OpenAPI description says of them."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse, Response

from api.contract.events import ErrorReport
from api.http.problems import MEDIA_TYPE


class GeoJsonResponse(JSONResponse):
    """JSON that maps recognise."""

    media_type = "application/geo+json"


def problem(status: HTTPStatus, when: str, detail: str) -> dict[int | str, dict[str, Any]]:
    """Describe one error answer, with an example."""
    example = {"type": "about:blank", "title": status.phrase, "status": status.value}
    return {
        status.value: {
            "description": when,
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": f"#/components/schemas/{ErrorReport.__name__}"},
                    "example": {**example, "detail": detail, "errors": []},
                }
            },
        }
    }


def json_body(schema: str, example: object, *more_types: str) -> dict[str, Any]:
    """Describe a JSON body that the route reads itself; ``schema`` names a component."""
    content = {"schema": {"$ref": f"#/components/schemas/{schema}"}, "example": example}
    types = ("application/json", *more_types)
    return {"requestBody": {"required": True, "content": dict.fromkeys(types, content)}}


def jpeg_body() -> dict[str, Any]:
    """Describe a body that is a JPEG picture."""
    schema = {"type": "string", "contentMediaType": "image/jpeg", "format": "binary"}
    return {"requestBody": {"required": True, "content": {"image/jpeg": {"schema": schema}}}}


def example(value: object, media_type: str = "application/json") -> dict[str, Any]:
    """Give an answer's example."""
    return {"content": {media_type: {"example": value}}}


def jpeg_response(jpeg: bytes, headers: Mapping[str, str], if_none_match: str | None) -> Response:
    """Give a picture, or only word that the reader has it already.

    Args:
        jpeg: The picture.
        headers: Headers of the answer, ``ETag`` among them.
        if_none_match: The tags that the reader sent of what it has.
    """
    headers = {**headers, "X-Content-Type-Options": "nosniff"}
    if if_none_match is not None and headers["ETag"] in if_none_match:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(jpeg, media_type="image/jpeg", headers=headers)


def jpeg_answer(description: str) -> dict[str, Any]:
    """Describe an answer that is a JPEG picture."""
    schema = {"type": "string", "contentMediaType": "image/jpeg", "format": "binary"}
    return {"description": description, "content": {"image/jpeg": {"schema": schema}}}


UNAUTHORIZED = problem(
    HTTPStatus.UNAUTHORIZED,
    "It is nobody's: no key or token, or one that is not valid.",
    "this key or token is not valid; it is wrong, has ended or was revoked",
)
FORBIDDEN = problem(
    HTTPStatus.FORBIDDEN,
    "It is of somebody who may not.",
    "li.na may not use PUT /v1/grids (manage_cameras); it is for: operate keys, operator",
)
TOO_MANY = problem(
    HTTPStatus.TOO_MANY_REQUESTS,
    "Its sender has sent too many.",
    "key 'worker-1' sends more than 500 requests a second, or more than 2000 at once; send this "
    "again in 1 s, or have CITYPATROL_API_CALLER_REQUESTS_PER_SECOND raised",
)
TOO_MANY[HTTPStatus.TOO_MANY_REQUESTS.value]["headers"] = {
    "Retry-After": {
        "description": "After how many seconds it may be sent again.",
        "schema": {"type": "integer", "minimum": 1},
    }
}
BODY_PROBLEMS = {
    **problem(HTTPStatus.BAD_REQUEST, "The body is no JSON.", "the body is no JSON: EOF"),
    **problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "The body is too large.",
        "body is larger than the 8388608 bytes allowed at /v1/events",
    ),
    **problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "The body has another content type.",
        "content type 'text/plain' is not taken here",
    ),
    **problem(
        HTTPStatus.INSUFFICIENT_STORAGE,
        "There is no room for it.",
        "the database's disk is full; nothing of this request was stored",
    ),
}
INVALID = problem(
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "A field has a bad value; `errors` names each.",
    "cursor: is no cursor, got 'x'",
)
MISSING = problem(HTTPStatus.NOT_FOUND, "There is no such thing.", "no camera 'x'")
CONFLICT = problem(
    HTTPStatus.CONFLICT, "The id is taken.", "camera 'north-gate' exists; PUT replaces it"
)
