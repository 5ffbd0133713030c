"""Why something is not done with a case, as answers."""

from http import HTTPStatus

from api.cases.case_errors import (
    ActionFieldsError,
    GuardError,
    NotTheirsError,
    StaleCaseError,
    UnknownActionError,
    UnknownCaseError,
    WrongStateError,
)
from api.contract.events import FieldError
from api.http.problems import ProblemError
from api.routes.answers import problem
from streams.kit.errors import CityPatrolError

_STATUS: dict[type[CityPatrolError], HTTPStatus] = {
    UnknownActionError: HTTPStatus.NOT_FOUND,
    UnknownCaseError: HTTPStatus.NOT_FOUND,
    StaleCaseError: HTTPStatus.PRECONDITION_FAILED,
    WrongStateError: HTTPStatus.CONFLICT,
    NotTheirsError: HTTPStatus.FORBIDDEN,
    GuardError: HTTPStatus.CONFLICT,
    ActionFieldsError: HTTPStatus.UNPROCESSABLE_ENTITY,
}
CASE_ERRORS = tuple(_STATUS)

FORBIDDEN = problem(
    HTTPStatus.FORBIDDEN,
    "It is not for whoever asks.",
    "li.na may not do close: it is for the role acceptor or shift_lead",
)
ACTION_PROBLEMS = {
    **FORBIDDEN,
    **problem(
        HTTPStatus.CONFLICT,
        "The case is where this cannot be done, or something does not hold.",
        "case 20261128-000017 is pending_handle, where dispatch cannot be done: li.na did dispatch "
        "at 2026-11-28T09:14:03+00:00",
    ),
    **problem(
        HTTPStatus.PRECONDITION_FAILED,
        "The case changed since `If-Match` was read.",
        "case 20261128-000017 is version 4 by now, not 3: li.na did dispatch at "
        "2026-11-28T09:14:03+00:00",
    ),
}


def case_problem(error: CityPatrolError) -> ProblemError:
    """Return one of ``CASE_ERRORS`` as an answer."""
    errors = []
    if isinstance(error, ActionFieldsError):
        errors = [FieldError(field=error.field, message=str(error), value=error.value)]
    return ProblemError(_STATUS[type(error)], str(error), errors=errors)
