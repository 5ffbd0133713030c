"""Keeps one page's events up to date for as long as it is open."""

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.console.board.event_board import EventBoard
from api.console.board.shown_kinds import SEPARATE
from api.console.parts.settings import ConsoleSettings
from api.contract.events import EventStatus
from api.events.event_query import EventFilter
from api.services import Services

log = structlog.get_logger(__name__)

BACKOFF_SECONDS = 2.0


class EventFollower:
    """Reads the events a page starts with and then every change of them.

    One per page, on the event loop. What changed gathers until the page takes it, so that a
    rush of changes costs the page one drawing.

    Attributes:
        board: The page's events as they are now.
    """

    def __init__(self, services: Services, settings: ConsoleSettings) -> None:
        self._services = services
        self._settings = settings
        self._after = 0
        self._changed = False
        self.board = EventBoard(settings.listed_events, settings.mapped_events)

    async def read(self) -> None:
        """Read the events as they stand now into the board."""
        store = self._services.events
        # Asked first: what changes while the pages are read is then read again, not missed.
        self._after = await store.latest_change()
        for shown in SEPARATE:
            newest = await store.page(
                EventFilter(kinds=shown.kinds), self._settings.listed_events, None
            )
            standing = await store.page(
                EventFilter(kinds=shown.kinds, status=EventStatus.OPEN),
                self._settings.mapped_events,
                None,
            )
            self.board.put([*newest.features, *standing.features])

    def take_changed(self) -> bool:
        """Return whether the board changed since this was last asked."""
        changed, self._changed = self._changed, False
        return changed

    async def run(self) -> None:
        """Follow the changes until cancelled.

        A subscription that was cut off, or whose database went away, is taken up again where
        it ended.
        """
        while True:
            try:
                async with self._services.changes.subscribe(self._after) as subscription:
                    async for changed in subscription:
                        self._after = changed.last_change
                        self.board.put(changed.events)
                        self._changed = True
            except (SQLAlchemyError, OSError) as error:
                log.warning("console_follow_failed", error=str(error).splitlines()[:1])
            await asyncio.sleep(BACKOFF_SECONDS)
