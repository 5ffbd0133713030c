"""The cookie of whoever has signed in."""

from http import HTTPStatus

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from api.accounts.authenticator import SESSION_COOKIE
from api.accounts.session_store import LIFETIME
from api.accounts.user import User
from api.services import services_of


async def signed_in_answer(request: Request, user: User, target: str) -> Response:
    """Begin a session in place of the browser's earlier one, and send it on to a local path."""
    services = services_of(request)
    earlier = request.cookies.get(SESSION_COOKIE)
    if earlier is not None:
        await services.sessions.end(earlier)
    answer = RedirectResponse(target, HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        SESSION_COOKIE,
        await services.sessions.begin(user),
        max_age=int(LIFETIME.total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return answer
