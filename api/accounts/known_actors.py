"""Nobody unknown comes past here: each request is somebody's, or for an open path."""

import re
from http import HTTPStatus
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.accounts.access_table import AccessTable
from api.accounts.actor import Actor
from api.accounts.authenticator import Authenticator
from api.http.problems import problem_answer

SESSION_COOKIE = "citypatrol_session"
LOGIN_PATH = "/login"
# What a browser needs to draw the page on which somebody signs in: scripts, style sheets, words.
OPEN_PREFIXES = ("/console/static/", "/_nicegui/", "/favicon.ico")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="citypatrol"'}
ADVICE = (
    "this needs a user or a key: sign in at /login, or send `Authorization: Bearer …` with a key "
    "(`citypatrol keys create NAME`) or an access token (POST /v1/tokens)"
)


class KnownActors:
    """ASGI middleware that finds who sends a request, and refuses nobody's.

    The actor lies at ``scope["state"]["actor"]`` afterwards; which endpoint they may use is the
    routes' own question. Reads ``app.state.services`` once the app serves.
    """

    def __init__(self, app: ASGIApp, table: AccessTable) -> None:
        self._app = app
        self._open = tuple(_pattern(endpoint) for endpoint in sorted(table.public))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or socket."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        is_open = self._is_open(scope)
        authenticator = scope["app"].state.services.authenticator
        actor, refusal = await _actor(connection, authenticator)
        if refusal is None and actor is None and not is_open:
            refusal = _unknown(connection)
        if refusal is not None and not (is_open and actor is None):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await refusal(scope, receive, send)
            return
        scope.setdefault("state", {})["actor"] = actor
        await self._app(scope, receive, send)

    def _is_open(self, scope: Scope) -> bool:
        path = scope["path"]
        if path == LOGIN_PATH or path.startswith(OPEN_PREFIXES):
            return True
        method = "GET" if scope.get("method") == "HEAD" else scope.get("method", "GET")
        return any(pattern.fullmatch(f"{method} {path}") for pattern in self._open)


async def _actor(
    connection: HTTPConnection, authenticator: Authenticator
) -> tuple[Actor | None, Response | None]:
    given = connection.headers.get("authorization")
    if given is not None:
        scheme, _, credentials = given.partition(" ")
        actor = None
        if scheme.lower() == "bearer":
            actor = await authenticator.by_bearer(credentials.strip())
        if actor is None:
            return None, problem_answer(
                HTTPStatus.UNAUTHORIZED,
                "this key or token is not valid; it is wrong, has ended or was revoked",
                CHALLENGE,
            )
        return actor, None
    cookie = connection.cookies.get(SESSION_COOKIE)
    actor = None if cookie is None else await authenticator.by_cookie(cookie)
    if actor is None:
        actor = await authenticator.guest()
    if actor is not None and _is_foreign(connection):
        return actor, problem_answer(
            HTTPStatus.FORBIDDEN,
            "this request was sent by a page of another site; open the console itself",
        )
    return actor, None


def _is_foreign(connection: HTTPConnection) -> bool:
    """Whether a browser says that another site's page sends what would change something."""
    if connection.scope["type"] == "http" and connection.scope["method"] in SAFE_METHODS:
        return False
    return not _same_origin(connection.headers)


def _same_origin(headers: Headers) -> bool:
    said = headers.get("sec-fetch-site")
    if said is not None:
        return said in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")


def _unknown(connection: HTTPConnection) -> Response:
    wants_page = "text/html" in connection.headers.get("accept", "")
    if wants_page and not connection.url.path.startswith("/v1/"):
        path = connection.url.path
        query = f"?{connection.url.query}" if connection.url.query else ""
        return RedirectResponse(
            f"{LOGIN_PATH}?next={quote(path + query, safe='')}", HTTPStatus.SEE_OTHER
        )
    return problem_answer(HTTPStatus.UNAUTHORIZED, ADVICE, CHALLENGE)


def _pattern(endpoint: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[a-z0-9_]+\\\}", "[^/]+", re.escape(endpoint)))
