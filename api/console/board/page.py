"""The board: one open page that keeps itself up to date."""

from zoneinfo import ZoneInfo

import structlog
from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from api.console.board.camera_tiles import CameraTiles
from api.console.board.district_map import DistrictMap
from api.console.board.event_detail import EventDetail
from api.console.board.event_facts import EventFacts
from api.console.board.event_list import EventList
from api.console.board.header import Header
from api.console.board.related_events import read_related
from api.console.board.shared_board import CAMERAS_SECONDS, FIGURES_SECONDS, SharedBoard
from api.console.board.shown_kinds import ShownKinds
from api.console.board.tile_faults import tile_faults
from api.console.board.zone_notice import ZoneNotice
from api.console.parts.elements import block
from api.console.parts.page_head import add_head
from api.console.parts.session_watch import SessionWatch
from api.console.parts.settings import ConsoleSettings
from api.console.parts.translations import Texts
from api.console.parts.visitor import Visitor
from api.contract.conditions import KnownCondition
from api.services import Services

log = structlog.get_logger(__name__)

FILES = ("theme.css", "page.js", "camera_tiles.js", "district_map.js")
DRAW_SECONDS = 0.25
# The large picture changes no faster than people can look.
HIGHLIGHT_SECONDS = 8.0


class ConsolePage:
    """One open page: draws its parts and keeps them up to date.

    Args:
        services: Of the app.
        settings: Of the console.
        texts: The page's language.
        shared: What it shows, as all other pages do.
    """

    def __init__(
        self, services: Services, settings: ConsoleSettings, texts: Texts, shared: SharedBoard
    ) -> None:
        self._services = services
        self._settings = settings
        self._texts = texts
        self._facts = EventFacts(texts, ZoneInfo(settings.time_zone), services.catalogue)
        self._shared = shared
        self._drawn_version = -1
        self._shown = ShownKinds.STREET
        self._conditions: list[KnownCondition] = []

    async def draw(self, visitor: Visitor) -> None:
        """Read what there is and draw it for somebody; from then on the page follows by itself."""
        add_head(self._texts, self._settings, *FILES)
        await self._shared.open()
        ui.context.client.on_delete(self._shared.close)
        self._header = Header(self._texts, self._settings, visitor)
        SessionWatch(self._services.authenticator, visitor).start()
        self._detail = EventDetail(
            self._texts,
            self._facts,
            self._focus,
            lambda event: read_related(self._services, event, self._shared.reach),
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
        self._zone_notice = ZoneNotice(self._texts, self._services.catalogue)
        self._show_events()
        await self._show_cameras()
        await self._show_figures()
        self._highlight()
        self._follow()

    def _follow(self) -> None:
        ui.timer(DRAW_SECONDS, self._show_changes)
        ui.timer(FIGURES_SECONDS, self._show_figures)
        ui.timer(CAMERAS_SECONDS, self._show_cameras)
        ui.timer(HIGHLIGHT_SECONDS, self._highlight)

    def _show_changes(self) -> None:
        if self._shared.version != self._drawn_version:
            self._show_events()

    def _show_events(self) -> None:
        self._drawn_version = self._shared.version
        board = self._shared.events
        self._events.show(board.listed(self._shown))
        self._events.show_standing({shown: len(board.standing(shown)) for shown in ShownKinds})
        self._map.show(board.mapped(self._shown))
        self._show_faults()
        self._detail.refresh(board.get)

    def _show_faults(self) -> None:
        standing = self._shared.events.standing(ShownKinds.CAMERAS)
        self._tiles.show_faults(tile_faults(self._facts, standing, self._conditions))

    def _choose(self, shown: ShownKinds) -> None:
        self._shown = shown
        self._show_events()

    async def _show_figures(self) -> None:
        try:
            services, shown = self._services, self._tiles.shown
            self._header.show(await self._shared.figures())
            self._tiles.mark_pictured(await services.previews.pictured(shown))
            self._conditions = await services.conditions.of(shown)
            self._show_faults()
        except (SQLAlchemyError, OSError) as error:
            log.warning("console_figures_failed", error=str(error).splitlines()[:1])

    async def _show_cameras(self) -> None:
        try:
            self._tiles.show(await self._shared.cameras())
            self._zone_notice.show(await self._services.cameras.several(self._tiles.shown))
        except (SQLAlchemyError, OSError) as error:
            log.warning("console_cameras_failed", error=str(error).splitlines()[:1])

    def _highlight(self) -> None:
        self._tiles.highlight(
            [
                event.properties.camera_id
                for event in self._shared.events.standing(ShownKinds.STREET)
            ]
        )

    def _open_detail(self, event_id: str) -> None:
        event = self._shared.events.get(event_id)
        if event is not None:
            self._map.focus(event_id)
            self._detail.open(event)

    def _focus(self, event_id: str) -> None:
        self._map.focus(event_id)
