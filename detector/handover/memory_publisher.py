"""Keeps at the API what is known of each camera, for the worker that takes it up next."""

import hashlib
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from api.contract.memories import CameraMemoryUpdate
from detector.delivery.api_client import ApiClient, ApiRefusedError
from detector.delivery.outbox import Outbox
from detector.delivery.publishing_thread import PublishingThread
from detector.handover.memory_document import MemoryDocument
from detector.handover.memory_store import MemoryStore

log = structlog.get_logger(__name__)

# Before an empty street only the time of the latest look changes. The next worker needs it to
# tell whose memory is newer, so it is not left to grow old for ever.
LONGEST_SILENCE_SECONDS = 600.0
_NO_TIME = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PublishingPace:
    """How often and how long.

    Attributes:
        interval_seconds: Time between two documents of a camera before which nothing began or
            ended.
        drain_seconds: On leaving, longest time to send what is due.
    """

    interval_seconds: float
    drain_seconds: float


@dataclass(slots=True)
class _Held:
    """A camera whose memory this worker keeps.

    Attributes:
        takes_over_from: Whose memory may be replaced.
        sent: Hash of the document sent last, without its time.
        sent_health: Hash of the health sent last.
        sent_at: When, by the monotonic clock.
    """

    takes_over_from: str | None
    sent: str = ""
    sent_health: str = ""
    sent_at: float = 0.0


class MemoryPublisher(PublishingThread):
    """One thread that sends what the worker's disk knows of its cameras to the API.

    A camera is sent some time after a look was noted, and soon after something began or ended.
    What cannot be sent waits, one entry a camera. If another worker has taken a camera up, that
    is said once and nothing more of it is sent, until it is taken up again here. Any thread may
    call. Use it in ``with``; leaving sends what is due.

    Args:
        client: The API.
        memory: What is known of the cameras.
        outbox: Which of their events stand.
        pace: How often.
    """

    def __init__(
        self, client: ApiClient, memory: MemoryStore, outbox: Outbox, pace: PublishingPace
    ) -> None:
        super().__init__("memory", pace.drain_seconds)
        self._client = client
        self._memory = memory
        self._outbox = outbox
        self._pace = pace
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()

    def hold(self, camera_id: str, takes_over_from: str | None) -> None:
        """Keep the memory of a camera from now on.

        Args:
            camera_id: The camera.
            takes_over_from: Whose memory of it was found at the API, if there was any.
        """
        with self._lock:
            self._held[camera_id] = _Held(takes_over_from)

    def note_look(self, camera_id: str) -> None:
        """Say that a camera was looked at."""
        self._note(camera_id, self._pace.interval_seconds)

    def note_change(self, camera_id: str) -> None:
        """Say that something began or ended before a camera."""
        self._note(camera_id, 0.0)

    def _note(self, camera_id: str, delay: float) -> None:
        with self._lock:
            held = camera_id in self._held
        if held:
            self._make_due(camera_id, delay)

    def _send(self, camera_id: str) -> bool:
        with self._lock:
            held = self._held.get(camera_id)
        if held is None:
            return False
        document = MemoryDocument.of(
            self._memory.load(camera_id), self._outbox.standing_of(camera_id)
        )
        if document.latest_look is None:
            return False
        health = (self._memory.load_health(camera_id) or "").encode()
        sent, sent_health = _hash(_timeless(document).model_dump_json().encode()), _hash(health)
        is_news = sent != held.sent or sent_health != held.sent_health
        if not is_news and time.monotonic() - held.sent_at < LONGEST_SILENCE_SECONDS:
            return False
        update = CameraMemoryUpdate.model_construct(
            holder=self._memory.holder,
            latest_look=document.latest_look,
            state=document.packed(),
            health=health if sent_health != held.sent_health else None,
            takes_over_from=held.takes_over_from,
        )
        try:
            self._client.keep_memory(camera_id, update)
        except ApiRefusedError:
            # Another worker has it; what is known here is news no more.
            with self._lock:
                self._held.pop(camera_id, None)
            raise
        held.sent, held.sent_health, held.sent_at = sent, sent_health, time.monotonic()
        return True


def _timeless(document: MemoryDocument) -> MemoryDocument:
    watches = {
        view: state.model_copy(update={"latest_look": _NO_TIME})
        for view, state in document.watches.items()
    }
    return document.model_copy(update={"watches": watches})


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
