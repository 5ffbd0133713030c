"""Query parameters: one that a route does not know is refused rather than ignored."""

from http import HTTPStatus

from fastapi import Request
from fastapi.dependencies.models import Dependant

from api.contract.events import FieldError
from api.http.problems import LONGEST_SHOWN_LIST, ProblemError, shown


async def refuse_unknown_parameters(request: Request) -> None:
    """Say which parameters a route does not know: a misspelt filter would find everything.

    Raises:
        ProblemError: 422, there are some.
    """
    given = request.query_params
    if not given:
        return
    known = sorted(_names(request.scope["route"].dependant))
    unknown = [name for name in dict.fromkeys(given) if name not in known]
    if not unknown:
        return
    takes = f"takes {', '.join(known)}" if known else "takes none"
    errors = [
        FieldError(
            field=str(shown(name)),
            message=f"is no parameter here; {request.url.path} {takes}",
            value=shown(given[name]),
        )
        for name in unknown[:LONGEST_SHOWN_LIST]
    ]
    detail = "; ".join(f"{error.field}: {error.message}" for error in errors)
    raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)


def _names(dependant: Dependant) -> set[str]:
    names = {field.alias for field in dependant.query_params}
    return names.union(*(_names(part) for part in dependant.dependencies))
