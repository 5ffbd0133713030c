"""The console's pages, put on the app that serves the REST API."""

from http import HTTPStatus
from typing import Any

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from nicegui import Client, ui
from nicegui import app as nicegui_app
from starlette.requests import HTTPConnection
from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.accounts.access_table import load_access_table
from api.accounts.request_limits import TooManyRequestsError
from api.console.board.district_map import BASE_MAP_ROUTE
from api.console.board.ground_boards import GroundBoards
from api.console.board.page import ConsolePage
from api.console.cases.mounting import mount_cases
from api.console.coverage.coverage_page import CoveragePage
from api.console.desk.desk_screen import DESK, DESK_CASE
from api.console.parts.page_access import PageRefusedError, may_see
from api.console.parts.page_head import STATIC, STATIC_ROUTE, texts_of
from api.console.parts.screen_routes import ScreenRoutes
from api.console.parts.settings import ConsoleSettings
from api.console.parts.visitor import visitor_of
from api.console.sign_in.sign_in_pages import SignInPages
from api.console.sign_in.sign_in_routes import SignInRoutes

# Longer than a Wi-Fi hiccup; a page that stays away longer starts afresh by itself.
RECONNECT_SECONDS = 15.0
# The database may be slow; a page that is sent before it is drawn would lack its scripts.
RESPONSE_SECONDS = 30.0
# A browser opens its socket within a second or two, and what is no browser never does.
UNOPENED_SECONDS = 20.0
CROWDED_SECONDS = 5.0
CASES = "/cases"
SCREENS = (DESK, DESK_CASE)
API_PATHS = ("/v1/", "/open311/", "/health", "/metrics", "/openapi.json", "/docs", "/redoc")
# Eyes that read from ten metres: the mark of the product, drawn here so that nothing is fetched.
FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" '
    'rx="7" fill="#0d2a3f"/><path d="M5 16c3-6 7-8 11-8s8 2 11 8c-3 6-7 8-11 8s-8-2-11-8z" '
    'fill="none" stroke="#46d3c4" stroke-width="2.4"/><circle cx="16" cy="16" r="4" '
    'fill="#46d3c4"/></svg>'
)


class RevalidatedFiles(StaticFiles):
    """Static files that browsers keep, and ask for each time whether they are still the same.

    Scripts name each other without a version, and must be of one version.
    """

    def file_response(self, *arguments: Any, **options: Any) -> Response:  # noqa: ANN401 - theirs
        """Give a file, or say that it is the same."""
        answer = super().file_response(*arguments, **options)
        answer.headers["Cache-Control"] = "no-cache"
        return answer


class ConsoleMount(Mount):
    """Gives the console every path but those of the API, whose errors are the API's own."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say whether the console answers a request."""
        if scope["type"] == "http" and scope["path"].startswith(API_PATHS):
            return Match.NONE, {}
        return super().matches(scope)


def _make_room(most: int) -> None:
    """Forget pages whose browser never came back for them; refuse one more where all are open.

    Raises:
        HTTPException: 503, too many pages are open.
    """
    Client.prune_instances(client_age_threshold=UNOPENED_SECONDS)
    if len(Client.instances) >= most:
        Client.prune_instances(client_age_threshold=CROWDED_SECONDS)
    if len(Client.instances) >= most:
        raise HTTPException(
            HTTPStatus.SERVICE_UNAVAILABLE,
            f"{most} pages are open; close one, or set CITYPATROL_CONSOLE_MAXIMUM_PAGES",
            headers={"Retry-After": "10"},
        )


def mount(app: FastAPI, settings: ConsoleSettings) -> None:
    """Put the console at ``/`` of an app whose lifespan sets ``app.state.services``.

    NiceGUI serves one app per process, so this is called once in a process, after all routes
    were added.
    """
    app.include_router(SignInRoutes(settings).router)
    app.include_router(ScreenRoutes(settings, SCREENS).router)
    app.mount(STATIC_ROUTE, RevalidatedFiles(directory=STATIC), name="console-static")

    @app.get(BASE_MAP_ROUTE, include_in_schema=False)
    async def base_map() -> FileResponse:
        if settings.base_map is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return FileResponse(settings.base_map, media_type="application/geo+json")

    def make_room() -> None:
        _make_room(settings.maximum_pages)

    boards = GroundBoards(settings)
    options: dict[str, Any] = {
        "reconnect_timeout": RECONNECT_SECONDS,
        "response_timeout": RESPONSE_SECONDS,
        "dependencies": [Depends(may_see), Depends(make_room)],
    }

    @ui.page("/", **options)
    async def console(request: Request) -> None:
        visitor = await visitor_of(request, app.state.services)
        shared = await boards.of(visitor.actor, app.state.services)
        page = ConsolePage(app.state.services, settings, texts_of(request), shared)
        await page.draw(visitor)

    @ui.page("/coverage", **options)
    async def coverage(request: Request) -> None:
        visitor = await visitor_of(request, app.state.services)
        await CoveragePage(app.state.services, settings, texts_of(request)).draw(visitor)

    mount_cases(app, settings, options)
    ui.run_with(
        app,
        title="CityPatrol",
        favicon=FAVICON,
        dark=True,
        tailwind=False,
        binding_refresh_interval=None,
        show_welcome_message=False,
    )

    async def refuse(request: Request, error: Exception) -> Response:
        assert isinstance(error, PageRefusedError)  # noqa: S101 - what it is registered for
        if request.url.path == "/" and load_access_table().page(CASES).allows(error.actor):
            # Departments and handlers have no business with the board.
            return RedirectResponse(CASES, HTTPStatus.SEE_OTHER)
        return SignInPages(settings, texts_of(request)).refused(error.actor.name, error.permission)

    def too_many(request: HTTPConnection, error: TooManyRequestsError) -> Response:
        return SignInPages(settings, texts_of(request)).crowded(error)

    app.state.too_many_page = too_many
    nicegui_app.add_exception_handler(PageRefusedError, refuse)
    app.add_exception_handler(PageRefusedError, refuse)
    mounted = app.router.routes.pop()
    assert isinstance(mounted, Mount)  # noqa: S101 - what run_with adds last
    app.router.routes.append(ConsoleMount("/", app=mounted.app))
