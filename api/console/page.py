"""The console's page, put on the app that serves the REST API."""

import asyncio
from http import HTTPStatus
from zoneinfo import ZoneInfo

import structlog
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import FileResponse
from nicegui import background_tasks, ui
from sqlalchemy.exc import SQLAlchemyError
from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.console.camera_tiles import CameraTiles, TileFault
from api.console.coverage_page import CoveragePage
from api.console.district_map import BASE_MAP_ROUTE, DistrictMap
from api.console.elements import block
from api.console.event_detail import EventDetail
from api.console.event_facts import EventFacts
from api.console.event_follower import EventFollower
from api.console.event_list import EventList
from api.console.figures import read_figures, read_pictured, read_tile_cameras
from api.console.header import Header
from api.console.page_head import LANGUAGE_COOKIE, STATIC, STATIC_ROUTE, add_head
from api.console.related_events import read_related
from api.console.settings import ConsoleSettings
from api.console.shown_kinds import ShownKinds
from api.console.translations import Language, Texts
from api.services import Services

log = structlog.get_logger(__name__)

FILES = ("theme.css", "page.js", "camera_tiles.js", "district_map.js")
DRAW_SECONDS = 0.25
FIGURES_SECONDS = 2.0
CAMERAS_SECONDS = 15.0
# The large picture changes no faster than people can look.
HIGHLIGHT_SECONDS = 8.0
# Longer than a Wi-Fi hiccup; a page that stays away longer starts afresh by itself.
RECONNECT_SECONDS = 15.0
# The database may be slow; a page that is sent before it is drawn would lack its scripts.
RESPONSE_SECONDS = 30.0
API_PATHS = ("/v1/", "/health", "/metrics", "/openapi.json", "/docs", "/redoc")
# Eyes that read from ten metres: the mark of the product, drawn here so that nothing is fetched.
FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" '
    'rx="7" fill="#0d2a3f"/><path d="M5 16c3-6 7-8 11-8s8 2 11 8c-3 6-7 8-11 8s-8-2-11-8z" '
    'fill="none" stroke="#46d3c4" stroke-width="2.4"/><circle cx="16" cy="16" r="4" '
    'fill="#46d3c4"/></svg>'
)


class ConsoleMount(Mount):
    """Gives the console every path but those of the API, whose errors are the API's own."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say whether the console answers a request."""
        if scope["type"] == "http" and scope["path"].startswith(API_PATHS):
            return Match.NONE, {}
        return super().matches(scope)


def mount(app: FastAPI, settings: ConsoleSettings) -> None:
    """Put the console at ``/`` of an app whose lifespan sets ``app.state.services``.

    NiceGUI serves one app per process, so this is called once in a process, after all routes
    were added.
    """
    app.mount(STATIC_ROUTE, StaticFiles(directory=STATIC), name="console-static")

    @app.get(BASE_MAP_ROUTE, include_in_schema=False)
    async def base_map() -> FileResponse:
        if settings.base_map is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return FileResponse(settings.base_map, media_type="application/geo+json")

    @ui.page("/", reconnect_timeout=RECONNECT_SECONDS, response_timeout=RESPONSE_SECONDS)
    async def console(request: Request) -> None:
        language = Language.of(request.cookies.get(LANGUAGE_COOKIE))
        await ConsolePage(app.state.services, settings, Texts(language)).draw()

    @ui.page("/coverage", reconnect_timeout=RECONNECT_SECONDS, response_timeout=RESPONSE_SECONDS)
    async def coverage(request: Request) -> None:
        language = Language.of(request.cookies.get(LANGUAGE_COOKIE))
        await CoveragePage(app.state.services, settings, Texts(language)).draw()

    ui.run_with(
        app,
        title="CityPatrol",
        favicon=FAVICON,
        dark=True,
        tailwind=False,
        binding_refresh_interval=None,
        show_welcome_message=False,
    )
    mounted = app.router.routes.pop()
    assert isinstance(mounted, Mount)  # noqa: S101 - what run_with adds last
    app.router.routes.append(ConsoleMount("/", app=mounted.app))


class ConsolePage:
    """One open page: draws its parts and keeps them up to date."""

    def __init__(self, services: Services, settings: ConsoleSettings, texts: Texts) -> None:
        self._services = services
        self._settings = settings
        self._texts = texts
        self._time_zone = ZoneInfo(settings.time_zone)
        self._facts = EventFacts(texts, self._time_zone, services.catalogue)
        self._follower = EventFollower(services, settings)
        self._shown = ShownKinds.STREET

    async def draw(self) -> None:
        """Read what there is and draw it; from then on the page follows by itself."""
        add_head(self._texts, self._settings, *FILES)
        await self._follower.read()
        self._header = Header(self._texts, self._settings)
        self._detail = EventDetail(
            self._texts,
            self._facts,
            self._focus,
            lambda event: read_related(self._services, event),
        )
        with block("main", "board"):
            self._events = EventList(self._texts, self._facts, self._open_detail, self._choose)
            self._map = DistrictMap(
                self._texts,
                self._facts,
                tile_url=self._services.settings.tile_url,
                has_base_map=self._settings.base_map is not None,
            )
            self._tiles = CameraTiles(
                self._texts,
                self._settings.tiles_per_page,
                self._settings.page_seconds,
                self._open_detail,
            )
        self._show_events()
        await self._show_cameras()
        await self._show_figures()
        self._highlight()
        self._follow()

    def _follow(self) -> None:
        task: asyncio.Task[None] = background_tasks.create(
            self._follower.run(), name="console-follower"
        )
        ui.context.client.on_delete(task.cancel)
        ui.timer(DRAW_SECONDS, self._show_changes)
        ui.timer(FIGURES_SECONDS, self._show_figures)
        ui.timer(CAMERAS_SECONDS, self._show_cameras)
        ui.timer(HIGHLIGHT_SECONDS, self._highlight)

    def _show_changes(self) -> None:
        if self._follower.take_changed():
            self._show_events()

    def _show_events(self) -> None:
        board = self._follower.board
        self._events.show(board.listed(self._shown))
        self._events.show_standing({shown: len(board.standing(shown)) for shown in ShownKinds})
        self._map.show(board.mapped(self._shown))
        self._tiles.show_faults(self._standing_faults())
        self._detail.refresh(board.get)

    def _standing_faults(self) -> dict[str, list[TileFault]]:
        by_camera: dict[str, list[TileFault]] = {}
        for event in self._follower.board.standing(ShownKinds.CAMERAS):
            properties = event.properties
            since = properties.first_seen.isoformat()
            fault = TileFault(event.id, self._facts.fault(event), properties.severity, since)
            by_camera.setdefault(properties.camera_id, []).append(fault)
        return by_camera

    def _choose(self, shown: ShownKinds) -> None:
        self._shown = shown
        self._show_events()

    async def _show_figures(self) -> None:
        try:
            database = self._services.database
            catalogue = self._services.catalogue
            self._header.show(await read_figures(database, self._time_zone, catalogue))
            self._tiles.mark_pictured(await read_pictured(database, self._tiles.shown))
        except (SQLAlchemyError, OSError) as error:
            log.warning("console_figures_failed", error=str(error).splitlines()[:1])

    async def _show_cameras(self) -> None:
        try:
            self._tiles.show(await read_tile_cameras(self._services.database))
        except (SQLAlchemyError, OSError) as error:
            log.warning("console_cameras_failed", error=str(error).splitlines()[:1])

    def _highlight(self) -> None:
        self._tiles.highlight(
            [
                event.properties.camera_id
                for event in self._follower.board.standing(ShownKinds.STREET)
            ]
        )

    def _open_detail(self, event_id: str) -> None:
        event = self._follower.board.get(event_id)
        if event is not None:
            self._map.focus(event_id)
            self._detail.open(event)

    def _focus(self, event_id: str) -> None:
        self._map.focus(event_id)
