"""Nobody unknown comes past here: each request is somebody's, or for an open path."""

import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.accounts.access_table import AccessTable
from api.accounts.actor import Actor
from api.accounts.authenticator import Authenticator, Credentials
from api.accounts.request_limits import RequestLimits, TooManyRequestsError
from api.contract.events import FieldError
from api.http.client_address import address_of
from api.http.problems import database_answer, problem_answer

LOGIN_PATH = "/login"
# What the page on which somebody signs in is drawn with.
OPEN_PATHS = frozenset({"/favicon.ico"})
OPEN_PREFIX = "/console/static/"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="citypatrol"'}
ADVICE = (
    "this needs a user or a key: sign in at /login, or send `Authorization: Bearer …` with a key "
    "(`citypatrol keys create NAME`) or an access token (POST /v1/tokens)"
)
INVALID = "this key or token is not valid; it is wrong, has ended or was revoked"
FOREIGN = "this request was sent by a page of another site; open the console itself"
TooManyPage = Callable[[HTTPConnection, TooManyRequestsError], Response]
"""Says on a page that too many requests have come."""
# Close codes of RFC 6455 and IANA's registry: against the policy, and try again later.
REFUSED_SOCKET, UNAVAILABLE_SOCKET = 1008, 1013


class KnownActors:
    """ASGI middleware that finds who sends a request, and refuses nobody's.

    The actor lies at ``scope["state"]["actor"]`` afterwards, None where the path is open; which
    endpoint they may use is the routes' own question. Reads ``app.state.services`` once the app
    serves.
    """

    def __init__(self, app: ASGIApp, table: AccessTable) -> None:
        self._app = app
        self._open = tuple(_pattern(endpoint) for endpoint in sorted(table.public | table.sign_in))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or socket."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        actor, refusal = None, None
        try:
            actor = await _actor(connection)
        except TooManyRequestsError as error:
            refusal = _too_many(connection, error)
        except (OperationalError, InterfaceError, PoolTimeoutError) as error:
            if not self._is_open(scope):
                refusal = database_answer(scope["path"], error)
        else:
            refusal = self._refusal(connection, actor)
        if refusal is None:
            scope.setdefault("state", {})["actor"] = actor
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            is_later = "Retry-After" in refusal.headers
            code = UNAVAILABLE_SOCKET if is_later else REFUSED_SOCKET
            await send({"type": "websocket.close", "code": code})
        else:
            await refusal(scope, receive, send)

    def _refusal(self, connection: HTTPConnection, actor: Actor | None) -> Response | None:
        """Say why a request goes no further, or None if it may."""
        is_open = self._is_open(connection.scope)
        if actor is None and not is_open:
            return _unknown(connection)
        # A browser sends cookies along whoever asks it to; a header comes of its own page only.
        if "authorization" not in connection.headers and _is_foreign(connection):
            return problem_answer(HTTPStatus.FORBIDDEN, FOREIGN)
        return None

    def _is_open(self, scope: Scope) -> bool:
        path = scope["path"]
        if path in OPEN_PATHS or path.startswith(OPEN_PREFIX):
            return True
        method = "GET" if scope.get("method") == "HEAD" else scope.get("method", "GET")
        return any(pattern.fullmatch(f"{method} {path}") for pattern in self._open)


def actor_of(connection: HTTPConnection) -> Actor | None:
    """Return who sends a request that came past here; None only where the path is open."""
    actor: Actor | None = connection.scope.get("state", {}).get("actor")
    return actor


async def _actor(connection: HTTPConnection) -> Actor | None:
    """Find who sends a request, and count it as theirs.

    Raises:
        TooManyRequestsError: It is one too many.
    """
    services = connection.app.state.services
    authenticator: Authenticator = services.authenticator
    limits: RequestLimits = services.request_limits
    credentials = Credentials.of(connection)
    counted = limits.count(credentials, address_of(connection))
    actor = await authenticator.actor(credentials)
    limits.recognise(counted, credentials, actor)
    return actor


def _too_many(connection: HTTPConnection, error: TooManyRequestsError) -> Response:
    page: TooManyPage | None = getattr(connection.app.state, "too_many_page", None)
    if page is not None and _wants_page(connection):
        return page(connection, error)
    caller, rate = error.caller, error.rate
    message = f"more than {rate.per_second:g} requests a second, or {rate.burst} at once"
    return problem_answer(
        HTTPStatus.TOO_MANY_REQUESTS,
        str(error),
        {"Retry-After": str(error.seconds)},
        [FieldError(field=caller.kind.value, message=message, value=caller.name)],
    )


def _is_foreign(connection: HTTPConnection) -> bool:
    """Whether a browser says that another site's page sends what would change something."""
    scope = connection.scope
    if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
        return False
    return not _same_origin(connection.headers)


def _same_origin(headers: Headers) -> bool:
    said = headers.get("sec-fetch-site")
    if said is not None:
        return said in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")


def _unknown(connection: HTTPConnection) -> Response:
    if "authorization" in connection.headers:
        return problem_answer(HTTPStatus.UNAUTHORIZED, INVALID, CHALLENGE)
    if not _wants_page(connection):
        return problem_answer(HTTPStatus.UNAUTHORIZED, ADVICE, CHALLENGE)
    target = LOGIN_PATH
    if connection.scope["method"] in SAFE_METHODS:
        query = f"?{connection.url.query}" if connection.url.query else ""
        target += f"?next={quote(connection.url.path + query, safe='')}"
    return RedirectResponse(target, HTTPStatus.SEE_OTHER)


def _wants_page(connection: HTTPConnection) -> bool:
    """Whether a person reads the answer, in a browser."""
    scope = connection.scope
    is_http = scope["type"] == "http" and not scope["path"].startswith("/v1/")
    return is_http and "text/html" in connection.headers.get("accept", "")


def _pattern(endpoint: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[a-z0-9_]+\\\}", "[^/]+", re.escape(endpoint)))
