"""Makes every refusal of a route of Open311 one in the specification's form."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from api.http.problems import database_answer
from api.open311.answers import AnswerFormat, refused
from api.open311.refusal import RefusalError

_DATABASE = "nothing of this request was stored, for the database does not take it; try again later"


class RefusingRoute(APIRoute):
    """A route whose errors are lists of ``code`` and ``description``, as JSON or XML."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        answer = super().get_route_handler()

        async def answer_or_refuse(request: Request) -> Response:
            try:
                return await answer(request)
            except RefusalError as error:
                return _refused(request, error.status, str(error))
            except RequestValidationError as error:
                return _invalid(request, error)
            except HTTPException as error:
                return _refused(request, HTTPStatus(error.status_code), error.detail)
            except (OperationalError, InterfaceError, PoolTimeoutError) as error:
                status = database_answer(request.url.path, error).status_code
                return _refused(request, HTTPStatus(status), _DATABASE)

        return answer_or_refuse


def _invalid(request: Request, error: RequestValidationError) -> Response:
    problems = error.errors()
    if any(problem["loc"][0] == "path" for problem in problems):
        detail = f"{request.url.path} was not found; addresses end with .json or .xml"
        return _refused(request, HTTPStatus.NOT_FOUND, detail)
    detail = "; ".join(f"{problem['loc'][-1]}: {problem['msg']}" for problem in problems)
    return _refused(request, HTTPStatus.BAD_REQUEST, detail)


def _refused(request: Request, status: HTTPStatus, description: str) -> Response:
    extension = request.path_params.get("extension")
    is_xml = extension == AnswerFormat.XML.value
    return refused(status, description, AnswerFormat.XML if is_xml else AnswerFormat.JSON)
