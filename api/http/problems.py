"""Errors as answers: every 4xx and 5xx is an ``ErrorReport`` that names field and value."""

import math
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import TypeVar

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg.errors import DiskFull
from pydantic import BaseModel, JsonValue, ValidationError
from pydantic_core import to_json
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.contract.events import ErrorReport, FieldError
from api.database.data_folder_room import DataFolderFullError
from api.http.allowed_methods import allowed_methods
from streams.kit.errors import CityPatrolError
from streams.kit.stream_address import redacted
from streams.kit.validation import problem_message

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
# An echoed value is there to be recognised, not to send a hostile body back.
LONGEST_SHOWN = 200
SECRET_FIELDS = frozenset({"password", "refresh_token"})
LONGEST_SHOWN_LIST = 4
LARGEST_SHOWN_BITS = 63
# PostgreSQL's integer; no count in the contract comes near it.
LARGEST_INTEGER = 2**31 - 1

# Until somebody has made room there is no hurry.
FULL_RETRY_SECONDS = "60"

Document = TypeVar("Document", bound=BaseModel)


class ProblemError(CityPatrolError):
    """Ends a request with an ``ErrorReport``."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)
        self.headers = headers


def invalid(field: str, message: str, value: JsonValue = None) -> ProblemError:
    """Make the 422 for one bad field."""
    error = FieldError(field=field, message=message, value=shown(value))
    return ProblemError(
        HTTPStatus.UNPROCESSABLE_ENTITY, f"{field}: {message}, got {error.value!r}", errors=[error]
    )


def not_found(field: str, value: str) -> ProblemError:
    """Make the 404 for a thing that is not there."""
    error = FieldError(field=field, message="not found", value=shown(value))
    return ProblemError(HTTPStatus.NOT_FOUND, f"no {field} {error.value!r}", errors=[error])


def unprocessable(
    error: ValidationError, secret_fields: frozenset[str] = frozenset()
) -> ProblemError:
    """Make the 422 for a body of the wrong shape."""
    errors = field_errors(error, secret_fields)
    detail = "; ".join(f"{one.field or 'body'}: {one.message}" for one in errors[:5])
    return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)


def read_document(kind: type[Document], body: JsonValue) -> Document:
    """Read a JSON body as a document of a kind.

    Raises:
        ProblemError: 422, it is none.
    """
    try:
        return strictly_read(kind, body)
    except ValidationError as error:
        raise unprocessable(error, SECRET_FIELDS) from None


def strictly_read(kind: type[Document], content: JsonValue) -> Document:
    """Read parsed JSON as a document of a kind; ``"3"`` and ``true`` are no numbers.

    Raises:
        ValidationError: It is none.
    """
    # Only of JSON text pydantic knows that a strict time is a string, a strict tuple an array.
    return kind.model_validate_json(to_json(content), strict=True)


def shown(value: object) -> JsonValue:
    """Return a value as it may be echoed: short, plain, and nothing of a whole object."""
    if isinstance(value, dict):
        return f"object with {len(value)} fields"
    if isinstance(value, list | tuple | set):
        numbers = [item for item in value if isinstance(item, int | float)]
        is_short = len(numbers) == len(value) <= LONGEST_SHOWN_LIST
        return [_shown_plain(item) for item in numbers] if is_short else f"list of {len(value)}"
    return _shown_plain(value)


def _shown_plain(value: object) -> JsonValue:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and value.bit_length() > LARGEST_SHOWN_BITS:
        return f"integer of {value.bit_length()} bits"
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    text = str(value)
    if "://" in text:
        # A stream address may have come in any field, with its password.
        text = redacted(text)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def field_errors(
    error: ValidationError, secret_fields: frozenset[str] = frozenset()
) -> list[FieldError]:
    """Say what is wrong with each field; values of ``secret_fields`` are not repeated."""
    return [
        FieldError(
            field=".".join(str(part) for part in problem["loc"]),
            message=problem_message(problem["msg"], problem["input"]),
            value=None
            if secret_fields.intersection(problem["loc"]) or problem["type"] == "missing"
            else shown(problem["input"]),
        )
        for problem in error.errors(include_url=False, include_context=False)
    ]


def may_hold_nul(json_text: bytes) -> bool:
    """Say whether JSON may contain a NUL character; ``unstorable`` finds where, at some cost."""
    return b"\\u0000" in json_text


def unstorable(value: object, field: str = "") -> Iterator[FieldError]:
    """Find values that fit the schema but neither the database nor JSON can hold."""
    match value:
        case str() if "\x00" in value:
            yield FieldError(field=field, message="contains a NUL character", value=shown(value))
        case bool():
            return
        case int() if abs(value) > LARGEST_INTEGER:
            yield FieldError(
                field=field, message=f"is larger than {LARGEST_INTEGER}", value=shown(value)
            )
        case float() if not math.isfinite(value):
            yield FieldError(field=field, message="is not a finite number", value=shown(value))
        case dict():
            for name, item in value.items():
                yield from unstorable(item, f"{field}.{name}".removeprefix("."))
        case list() | tuple():
            for index, item in enumerate(value):
                yield from unstorable(item, f"{field}.{index}".removeprefix("."))


def add_problem_handlers(app: FastAPI) -> None:
    """Make every error of ``app`` an ``ErrorReport``."""
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_request_validation)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(DataFolderFullError, _on_full_folder)
    for kind in (OperationalError, InterfaceError, PoolTimeoutError):
        app.add_exception_handler(kind, _on_database)
    app.add_exception_handler(ClientDisconnect, _on_client_gone)
    app.add_exception_handler(Exception, _on_bug)


def problem_answer(
    status: HTTPStatus,
    detail: str,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[FieldError] = (),
) -> JSONResponse:
    """Return a problem as an answer, for what answers before any route does."""
    return _answer(status, detail, errors, headers)


def database_answer(path: str, error: Exception) -> JSONResponse:
    """Return what is said when the database fails a request, and log why."""
    if isinstance(getattr(error, "orig", None), DiskFull):
        log.error("database_full", path=path, error=str(error).splitlines()[0])
        return _answer(
            HTTPStatus.INSUFFICIENT_STORAGE,
            "the database's disk is full; nothing of this request was stored: make room there "
            "and send it again",
            headers={"Retry-After": FULL_RETRY_SECONDS},
        )
    log.error("database_unavailable", path=path, error=str(error).splitlines()[0])
    return _answer(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "the database does not answer; nothing of this request was stored, send it again",
        headers={"Retry-After": "2"},
    )


def _answer(
    status: HTTPStatus,
    detail: str,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    report = ErrorReport(
        title=status.phrase, status=status.value, detail=detail, errors=list(errors)
    )
    return JSONResponse(
        report.model_dump(mode="json"), status.value, headers=headers, media_type=MEDIA_TYPE
    )


def _on_problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ProblemError)  # noqa: S101
    return _answer(error.status, error.detail, error.errors, error.headers)


def _on_request_validation(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    errors = [
        FieldError(
            field=".".join(str(part) for part in problem["loc"][1:]) or str(problem["loc"][0]),
            message=problem["msg"].removeprefix("Value error, "),
            value=None
            if problem["type"] == "missing" or SECRET_FIELDS.intersection(problem["loc"])
            else shown(problem.get("input")),
        )
        for problem in error.errors()
    ]
    detail = "; ".join(f"{one.field}: {one.message}, got {one.value!r}" for one in errors)
    return _answer(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors)


def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    status = HTTPStatus(error.status_code)
    detail = error.detail
    if detail == status.phrase:
        detail = f"{detail}: {request.method} {request.url.path}"
    headers = dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = allowed_methods(request)
        detail = f"{detail}; allowed are {headers['Allow']}"
    return _answer(status, detail, headers=headers)


def _on_full_folder(request: Request, error: Exception) -> JSONResponse:
    log.error("data_folder_full", path=request.url.path, error=str(error))
    return _answer(
        HTTPStatus.INSUFFICIENT_STORAGE, str(error), headers={"Retry-After": FULL_RETRY_SECONDS}
    )


def _on_database(request: Request, error: Exception) -> JSONResponse:
    return database_answer(request.url.path, error)


def _on_client_gone(request: Request, _: Exception) -> JSONResponse:
    """Note a client that went away while it sent; nobody reads the answer."""
    log.info("client_gone", method=request.method, path=request.url.path)
    return _answer(HTTPStatus.BAD_REQUEST, "the body ended before it was whole")


def _on_bug(request: Request, error: Exception) -> JSONResponse:
    log.error("request_failed", method=request.method, path=request.url.path, exc_info=error)
    return _answer(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "an error of the API itself; its log has the traceback",
    )
