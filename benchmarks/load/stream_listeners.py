"""Many readers of the event stream, each of which must get every event once and soon."""

import asyncio
import contextlib
import math
import re
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

import numpy as np

from benchmarks.load.posted_events import LoadError, Posting

_EVENT_ID = re.compile(rb'^data: \{"type":"Feature","id":"([0-9A-Z]{26})"', re.MULTILINE)
_BEGINNING = b": connected"
READ_BYTES = 256 * 1024
# After the last event was posted; what has not come by then never will.
PATIENCE_SECONDS = 30.0


@dataclass(slots=True)
class _Heard:
    """What a listener got: ids in their order, and when each came."""

    event_ids: list[str] = field(default_factory=list)
    at: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HeardEvents:
    """What all listeners got of what was posted.

    Attributes:
        complete: How many listeners got every event, none twice.
        p95_seconds: From when an event was due to be posted until a listener had it: the delay
            that one in twenty exceeds.
    """

    complete: int
    p95_seconds: float

    @classmethod
    def of(cls, heard: Sequence[_Heard], posted: Posting) -> Self:
        """Compare what was heard with what was posted."""
        due = dict(zip(posted.event_ids, posted.due, strict=True))
        complete = [one for one in heard if sorted(one.event_ids) == sorted(due)]
        delays = [
            at - due[event_id]
            for one in complete
            for event_id, at in zip(one.event_ids, one.at, strict=True)
        ]
        return cls(len(complete), float(np.quantile(delays, 0.95)) if delays else math.inf)


class StreamListeners:
    """Plain readers of ``GET /v1/stream``, in one task each; use ``async with``.

    Args:
        url: Of the API.
        key: A key to read with.
        number: How many.
    """

    def __init__(self, url: str, key: str, number: int) -> None:
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port or 80
        self._request = (
            f"GET /v1/stream HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: Bearer {key}\r\nAccept: text/event-stream\r\n\r\n"
        ).encode()
        self._heard = [_Heard() for _ in range(number)]
        self._tasks: list[asyncio.Task[None]] = []
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Connect them all; when this returns, each of them listens."""
        async with self._stack:
            for heard in self._heard:
                reader = await self._stack.enter_async_context(self._connected())
                self._tasks.append(asyncio.create_task(_listen(reader, heard)))
            self._stack = self._stack.pop_all()
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Hang up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    async def heard(self, posted: Posting) -> HeardEvents:
        """Wait until each has got as many events as were posted, and say what they got."""
        wanted = len(posted.event_ids)
        end = time.perf_counter() + PATIENCE_SECONDS
        while any(len(one.event_ids) < wanted for one in self._heard):
            if time.perf_counter() > end:
                break
            await asyncio.sleep(0.1)
        return HeardEvents.of(self._heard, posted)

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[asyncio.StreamReader]:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(self._request)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise LoadError(f"the stream was answered with {head.splitlines()[0]!r}")
            await reader.readuntil(_BEGINNING)
            yield reader
        finally:
            writer.close()


async def _listen(reader: asyncio.StreamReader, heard: _Heard) -> None:
    rest = b""
    while chunk := await reader.read(READ_BYTES):
        now = time.perf_counter()
        complete, separator, rest = (rest + chunk).rpartition(b"\n")
        found = _EVENT_ID.findall(complete + separator)
        heard.event_ids += [one.decode() for one in found]
        heard.at += [now] * len(found)
