"""What all open pages show: read once, and followed for as long as any of them is open."""

import asyncio
from zoneinfo import ZoneInfo

import structlog
from nicegui import background_tasks
from sqlalchemy.exc import SQLAlchemyError

from api.cameras.camera_store import NamedCamera
from api.console.board.event_board import EventBoard
from api.console.board.shared_reading import SharedReading
from api.console.board.shown_kinds import SEPARATE
from api.console.parts.settings import ConsoleSettings
from api.contract.events import EventStatus
from api.events.event_query import EventFilter
from api.figures.figure_reader import DistrictFigures
from api.grids.ground_reach import EVERYWHERE, GroundReach
from api.services import Services

log = structlog.get_logger(__name__)

BACKOFF_SECONDS = 2.0
FIGURES_SECONDS = 2.0
CAMERAS_SECONDS = 15.0


class SharedBoard:
    """The events as they are now, the figures and the cameras; one for all pages of a ground.

    On the event loop. A page calls ``open`` before it draws and ``close`` when it is gone.

    Args:
        services: Of the app.
        settings: Of the console.
        reach: The ground that the pages show.

    Attributes:
        events: The events of the pages.
        version: Rises when they change.
        reach: The ground that the pages show.
    """

    def __init__(
        self, services: Services, settings: ConsoleSettings, reach: GroundReach = EVERYWHERE
    ) -> None:
        self.reach = reach
        self._services = services
        self._settings = settings
        self._after = 0
        self._pages = 0
        self._opening = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self.events = self._empty()
        self.version = 0
        time_zone = ZoneInfo(settings.time_zone)
        self._figures = SharedReading(
            lambda: services.figures.read(time_zone, reach), FIGURES_SECONDS
        )
        self._cameras = SharedReading(self._enabled, CAMERAS_SECONDS)

    async def open(self) -> None:
        """Read what there is, if this is the only page, and follow it from then on."""
        async with self._opening:
            if self._task is None:
                await self._read()
                self._task = background_tasks.create(self._follow(), name="console-follower")
            self._pages += 1

    def close(self) -> None:
        """Let go; nothing is followed once the last page is gone."""
        self._pages -= 1
        if self._pages == 0 and self._task is not None:
            self._task.cancel()
            self._task = None
            self.events = self._empty()

    @property
    def is_open(self) -> bool:
        """Whether any page shows it."""
        return self._pages > 0

    async def figures(self) -> DistrictFigures:
        """Return the figures of this moment."""
        return await self._figures.get()

    async def cameras(self) -> tuple[NamedCamera, ...]:
        """Return the enabled cameras; the very same object as long as they are the same."""
        return await self._cameras.get()

    async def _enabled(self) -> tuple[NamedCamera, ...]:
        return tuple(await self._services.cameras.enabled(self.reach))

    def _empty(self) -> EventBoard:
        return EventBoard(self._settings.listed_events, self._settings.mapped_events)

    async def _read(self) -> None:
        store = self._services.events
        # Asked first: what changes while the pages are read is then read again, not missed.
        self._after = await store.latest_change()
        for shown in SEPARATE:
            newest = await store.page(
                EventFilter(kinds=shown.kinds, reach=self.reach), self._settings.listed_events, None
            )
            standing = await store.page(
                EventFilter(kinds=shown.kinds, status=EventStatus.OPEN, reach=self.reach),
                self._settings.mapped_events,
                None,
            )
            self.events.put([*newest.features, *standing.features])
        self.version += 1

    async def _follow(self) -> None:
        """Follow the changes until cancelled.

        A subscription that was cut off, or whose database went away, is taken up again where
        it ended.
        """
        while True:
            try:
                async with self._services.changes.subscribe(self._after) as subscription:
                    async for changed in subscription:
                        self._after = changed.last_change
                        theirs = changed.within(self.reach)
                        if theirs is not None:
                            self.events.put(theirs.events)
                            self.version += 1
            except (SQLAlchemyError, OSError) as error:
                log.warning("console_follow_failed", error=str(error).splitlines()[:1])
            await asyncio.sleep(BACKOFF_SECONDS)
