"""The publishing thread: sends the newest of each camera to the API, when it is due."""

import threading
import time
from abc import ABC, abstractmethod
from typing import Self

import structlog

from detector.delivery.api_client import ApiUnavailableError
from detector.delivery.outbox import OutboxError
from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)

# The API is away: enough for it to start again, too little for anybody to wait for.
PAUSE_AFTER_FAILURE_SECONDS = 2.0


class PublishingThread(ABC):
    """One thread that sends what is due, one entry a camera. Use what derives from it in ``with``.

    What could not be sent is due again after a pause; that the API is away is said once. What it
    refuses is said and dropped. Any thread may say what is due.

    Args:
        what: What is sent, for the log and the thread's name, such as ``preview``.
        drain_seconds: For how long leaving goes on sending what is left; 0 drops it.
    """

    def __init__(self, what: str, drain_seconds: float) -> None:
        self._what = what
        self._drain_seconds = drain_seconds
        self._due: dict[str, float] = {}
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._abandoned = threading.Event()
        self._failing = False
        self._thread = threading.Thread(target=self._run, name=what, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopping.set()
        self._wake()
        self._thread.join(self._drain_seconds)
        self._abandoned.set()
        self._wake()
        self._thread.join()

    @property
    def alive(self) -> bool:
        """Whether the thread is at work."""
        return self._thread.is_alive()

    @abstractmethod
    def _send(self, camera_id: str) -> bool:
        """Send the newest of a camera; called in this thread only.

        Returns:
            Whether there was something to ask the API.
        """

    def _make_due(self, camera_id: str, delay: float = 0.0) -> None:
        """Say that there is something new of a camera, to be sent after so many seconds.

        What is due sooner already stays due then.
        """
        due = time.monotonic() + delay
        with self._changed:
            if due < self._due.get(camera_id, float("inf")):
                self._due[camera_id] = due
                self._changed.notify()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _run(self) -> None:
        while (camera_id := self._next()) is not None:
            try:
                if self._send(camera_id):
                    self._failing = False
            except (ApiUnavailableError, OutboxError) as error:
                if not self._failing:
                    log.warning("publishing_failed", what=self._what, reason=str(error))
                self._failing = True
                self._make_due(camera_id, PAUSE_AFTER_FAILURE_SECONDS)
                self._abandoned.wait(PAUSE_AFTER_FAILURE_SECONDS)
            except CityPatrolError as error:
                log.warning(
                    "publishing_refused", what=self._what, camera_id=camera_id, reason=str(error)
                )

    def _next(self) -> str | None:
        """Wait for the camera that is due next; None when there will be none."""
        with self._changed:
            while not self._abandoned.is_set():
                now = time.monotonic()
                camera_id = min(self._due, key=self._due.__getitem__, default=None)
                if self._stopping.is_set() or (camera_id and self._due[camera_id] <= now):
                    if camera_id is not None:
                        del self._due[camera_id]
                    return camera_id
                self._changed.wait(self._due[camera_id] - now if camera_id else None)
        return None
