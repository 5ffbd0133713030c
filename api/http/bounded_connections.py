"""Connections that may not wait for ever, nor be more than the process can hold."""

import asyncio
import functools
import resource
from dataclasses import dataclass, field
from typing import Any

import structlog
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

log = structlog.get_logger(__name__)

# Files, the database's connections, pipes, and what the libraries hold.
DESCRIPTORS_KEPT_FREE = 256
SAY_AGAIN_SECONDS = 60.0
NO_ROOM = (
    b"HTTP/1.1 503 Service Unavailable\r\n"
    b"Retry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)


@dataclass(slots=True)
class ConnectionBounds:
    """What all connections of a server share.

    Attributes:
        maximum: Most connections at a time.
        header_seconds: How long the headers of a request may take from the connection's
            beginning, or from the answer before.
        waiting: Connections without a request in work, the one waiting longest first.
    """

    maximum: int
    header_seconds: float
    waiting: dict["BoundedHttp", asyncio.TimerHandle] = field(default_factory=dict)
    said_at: float = -SAY_AGAIN_SECONDS

    def protocol(self) -> type[asyncio.Protocol]:
        """Return what ``uvicorn.Config`` takes as ``http``."""
        # uvicorn only calls it.
        return functools.partial(BoundedHttp, bounds=self)  # type: ignore[return-value]

    def say(self, now: float) -> None:
        """Log that connections were dropped, unless that was said just now."""
        if now - self.said_at >= SAY_AGAIN_SECONDS:
            self.said_at = now
            log.warning("too_many_connections", maximum=self.maximum)


class BoundedHttp(HttpToolsProtocol):
    """An HTTP connection of uvicorn that is closed when its request does not come.

    Where there are too many connections, the one that has waited longest without a request
    goes, so that whoever asks something is answered.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        bounds: ConnectionBounds,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._bounds = bounds

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, in the place of another one if need be."""
        super().connection_made(transport)
        if len(self.connections) > self._bounds.maximum and not self._make_room():
            transport.write(NO_ROOM)
            transport.close()
            return
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        """Begin to work on a request."""
        self._stop_waiting()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        is_last = not self.pipeline
        super().on_response_complete()
        if is_last and not self.transport.is_closing():
            self._wait()

    def _wait(self) -> None:
        self._stop_waiting()
        self._bounds.waiting[self] = self.loop.call_later(
            self._bounds.header_seconds, self.transport.abort
        )

    def _stop_waiting(self) -> None:
        timer = self._bounds.waiting.pop(self, None)
        if timer is not None:
            timer.cancel()

    def _make_room(self) -> bool:
        self._bounds.say(self.loop.time())
        oldest = next(iter(self._bounds.waiting), None)
        if oldest is None:
            return False
        oldest._stop_waiting()
        # Not when the loop comes to it: a rush of new ones would each find it still there.
        self.connections.discard(oldest)
        oldest.transport.abort()
        return True


def most_connections(wanted: int) -> int:
    """Return how many connections this process can hold; raises its limit as far as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + DESCRIPTORS_KEPT_FREE
    if soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(wanted, soft - DESCRIPTORS_KEPT_FREE))
