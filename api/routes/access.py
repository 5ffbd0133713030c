"""Who sent a request: the key it carries, if any."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.http.problems import ProblemError
from api.services import Services, services_of

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="worker key",
    description="Made with `citypatrol keys create NAME`.",
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
Shared = Annotated[Services, Depends(services_of)]


async def key_owner(credentials: Credentials, services: Shared) -> str | None:
    """Return the name of the request's key, or None if it carries none.

    Raises:
        ProblemError: 401, it carries one that is not valid.
    """
    if credentials is None:
        return None
    owner = await services.keys.owner(credentials.credentials)
    if owner is None:
        raise _unauthorized("this worker key is not valid; it is wrong or was revoked")
    return owner


KeyOwner = Annotated[str | None, Depends(key_owner)]


async def require_key(owner: KeyOwner) -> str:
    """Return the name of the request's key.

    Raises:
        ProblemError: 401, it carries none or a wrong one.
    """
    if owner is None:
        raise _unauthorized(
            "this needs a worker key: send `Authorization: Bearer KEY`; "
            "`citypatrol keys create NAME` makes one"
        )
    return owner


def _unauthorized(detail: str) -> ProblemError:
    return ProblemError(
        HTTPStatus.UNAUTHORIZED, detail, headers={"WWW-Authenticate": 'Bearer realm="citypatrol"'}
    )
