"""Tells everyone who watches about each changed event, as soon as it is committed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from types import TracebackType

import psycopg
import structlog
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from api.events.changed_events import ChangedEvents
from api.events.event_store import CHANNEL, EventStore
from api.http.metrics import Metrics
from streams.kit.backoff import Backoff
from streams.kit.owned_task import OwnedTask

log = structlog.get_logger(__name__)

EVENTS_PER_READ = 200
# A notice lost with its connection costs at most this long, for the table is read again anyway.
LONGEST_SILENCE_SECONDS = 10.0
# Changes come in rushes; read and sent together they cost a tenth.
GATHER_SECONDS = 0.1
FIRST_BACKOFF_SECONDS = 0.2
LONGEST_BACKOFF_SECONDS = 5.0


class Subscription:
    """One reader's events, in the order of their changes; iterate over it.

    The iteration ends when the feed closes or when the reader fell too far behind; it then
    resumes with ``subscribe(after=last change it has seen)``.
    """

    def __init__(self, store: EventStore, after: int | None, size: int) -> None:
        self._store = store
        self._after = after
        self._room = size
        self._queue: asyncio.Queue[ChangedEvents | None] = asyncio.Queue()
        self._ended = asyncio.Event()

    def offer(self, changed: ChangedEvents) -> bool:
        """Queue events; return False and end the subscription if there is no room."""
        if len(changed.events) > self._room:
            self.end()
            return False
        self._room -= len(changed.events)
        self._queue.put_nowait(changed)
        return True

    def end(self) -> None:
        """End the iteration; events still queued are dropped."""
        self._ended.set()
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    def __aiter__(self) -> AsyncIterator[ChangedEvents]:
        """Give what changed since ``after``, then what changes from now on."""
        return self._iterate()

    async def _iterate(self) -> AsyncIterator[ChangedEvents]:
        last = -1
        if self._after is not None:
            last = self._after
            while found := await self._store.changed_since(last, EVENTS_PER_READ):
                if self._ended.is_set():
                    return
                replayed = ChangedEvents(tuple(found))
                last = replayed.last_change
                yield replayed
        while (live := await self._queue.get()) is not None:
            self._room += len(live.events)
            # What was replayed from the table may have been queued meanwhile, too.
            new = live.after(last)
            if new is not None:
                last = new.last_change
                yield new


class ChangeFeed(OwnedTask):
    """Follows the events table with one LISTEN connection and hands changes to subscribers.

    Belongs to one event loop. A subscriber that does not keep up is cut off rather than let
    its queue grow. While there is none, nothing is read.
    """

    task_name = "change-feed"

    def __init__(self, url: URL, store: EventStore, queue_size: int, metrics: Metrics) -> None:
        self._conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._store = store
        self._queue_size = queue_size
        self._metrics = metrics
        self._subscriptions: set[Subscription] = set()
        self._followers: set[asyncio.Event] = set()
        self._last_change = 0
        self._publishing = asyncio.Lock()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop following and end all subscriptions."""
        await super().__aexit__(kind, error, trace)
        self.end_subscriptions()

    def end_subscriptions(self) -> None:
        """End all present subscriptions; their readers come back if they want more."""
        for subscription in list(self._subscriptions):
            subscription.end()

    @contextlib.asynccontextmanager
    async def subscribe(self, after: int | None = None) -> AsyncIterator[Subscription]:
        """Give a subscription to changes; with ``after``, first those after that number."""
        subscription = Subscription(self._store, after, self._queue_size)
        async with self._publishing:
            if not self._subscriptions:
                # Nobody cared for what changed meanwhile.
                self._last_change = await self._store.latest_change()
            self._subscriptions.add(subscription)
            self._metrics.subscribers.set(len(self._subscriptions))
        try:
            await self._publish_unnoticed()
            yield subscription
        finally:
            self._discard(subscription)

    @contextlib.contextmanager
    def follow(self) -> Iterator[asyncio.Event]:
        """Give a task of this node what is set whenever events may have changed.

        It reads them itself, from where it was: nothing is read for it here.
        """
        woken = asyncio.Event()
        self._followers.add(woken)
        try:
            yield woken
        finally:
            self._followers.discard(woken)

    def _wake_followers(self) -> None:
        for woken in self._followers:
            woken.set()

    async def _publish_unnoticed(self) -> None:
        """Hand out what changed while nobody listened, for its notice may have come then.

        Without the database it comes later: whoever follows the table reads it again anyway.
        """
        try:
            await self._publish()
        except (SQLAlchemyError, OSError) as error:
            log.warning("change_feed_read_late", error=str(error).splitlines()[:1])

    def _discard(self, subscription: Subscription) -> None:
        self._subscriptions.discard(subscription)
        self._metrics.subscribers.set(len(self._subscriptions))

    async def _run(self) -> None:
        backoff = Backoff(FIRST_BACKOFF_SECONDS, LONGEST_BACKOFF_SECONDS)
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(
                    self._conninfo, autocommit=True, connect_timeout=5
                )
                async with connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    backoff.reset()
                    await self._publish_until_lost(connection)
            except (psycopg.Error, SQLAlchemyError, OSError) as error:
                pause = backoff.next_delay()
                log.warning(
                    "change_feed_reconnecting", seconds=pause, error=str(error).splitlines()[:1]
                )
                await asyncio.sleep(pause)

    async def _publish_until_lost(self, connection: psycopg.AsyncConnection[object]) -> None:
        while True:
            self._wake_followers()
            await self._publish()
            noticed = False
            async for _ in connection.notifies(timeout=LONGEST_SILENCE_SECONDS, stop_after=1):
                noticed = True
            if not noticed:
                # The other end may have gone without a word.
                await connection.execute("SELECT 1")
                continue
            await self._publish()
            await asyncio.sleep(GATHER_SECONDS)

    async def _publish(self) -> None:
        async with self._publishing:
            while self._subscriptions:
                found = await self._store.changed_since(self._last_change, EVENTS_PER_READ)
                if not found:
                    return
                changed = ChangedEvents(tuple(found))
                self._last_change = changed.last_change
                self._hand_out(changed)

    def _hand_out(self, changed: ChangedEvents) -> None:
        for subscription in list(self._subscriptions):
            if not subscription.offer(changed):
                self._discard(subscription)
                self._metrics.overflows.inc()
                log.warning("subscriber_cut_off", queue=self._queue_size)
