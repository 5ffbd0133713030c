"""Which methods an address takes: what a 405 must say (RFC 9110, section 15.5.6)."""

from starlette.requests import Request
from starlette.routing import Match, Mount

_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")


def allowed_methods(request: Request) -> str:
    """Return the methods of the address of a request, as ``Allow`` lists them.

    Each of an address's methods may be another route, and the one that refuses knows only its own.
    """
    # What is mounted takes any method, and answers by itself.
    routes = [route for route in request.app.routes if not isinstance(route, Mount)]
    found = [
        method
        for method in _METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes
        )
    ]
    if "GET" in found:
        found.append("HEAD")
    return ", ".join(sorted(found))
