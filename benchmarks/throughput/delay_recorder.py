"""Delay from a frame's arrival to its event in the database, read from the event stream."""

import threading
from typing import Self

import httpx
import numpy as np
from pydantic import BaseModel

from api.contract.events import EventStatus, StoredEventFeature
from demo.district_processes import ApiAccess

CONNECT_TIMEOUT_SECONDS = 10.0


class Delays(BaseModel):
    """Distribution of delays.

    Attributes:
        count: How many event revisions were measured.
        p50_seconds: Median, or None without any.
        p95_seconds: 95th percentile, or None without any.
    """

    count: int
    p50_seconds: float | None
    p95_seconds: float | None


class DelayRecorder:
    """Follows ``GET /v1/stream`` in a thread and notes each revision's delay.

    The delay is ``updated_at - last_seen``: both clocks are this machine's. A cleared event is
    left out, for its last sighting lies back by design. Use it in ``with``.
    """

    def __init__(self, access: ApiAccess) -> None:
        self._access = access
        self._lock = threading.Lock()
        self._delays: list[float] = []
        self._listening = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="delays", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening.wait(CONNECT_TIMEOUT_SECONDS)
        return self

    def __exit__(self, *exception: object) -> None:
        # The thread ends with its connection when the API stops; it holds nothing else.
        self._stopping.set()

    def start_over(self) -> None:
        """Forget what was noted so far."""
        with self._lock:
            self._delays.clear()

    def delays(self) -> Delays:
        """The distribution so far."""
        with self._lock:
            seconds = np.array(self._delays)
        if len(seconds) == 0:
            return Delays(count=0, p50_seconds=None, p95_seconds=None)
        p50, p95 = np.percentile(seconds, [50, 95])
        return Delays(count=len(seconds), p50_seconds=float(p50), p95_seconds=float(p95))

    def _follow(self) -> None:
        timeout = httpx.Timeout(CONNECT_TIMEOUT_SECONDS, read=None)
        try:
            with httpx.stream(
                "GET",
                f"{self._access.url}/v1/stream",
                headers=self._access.headers,
                timeout=timeout,
                trust_env=False,
            ) as answer:
                self._listening.set()
                for line in answer.iter_lines():
                    if self._stopping.is_set():
                        return
                    if line.startswith("data:"):
                        self._note(line.removeprefix("data:").strip())
        except httpx.TransportError:
            if not self._stopping.is_set():
                raise

    def _note(self, text: str) -> None:
        event = StoredEventFeature.model_validate_json(text).properties
        if event.status is EventStatus.OPEN:
            with self._lock:
                self._delays.append((event.updated_at - event.last_seen).total_seconds())
