"""The hand-over: takes up what another worker knew of a camera, before the first look here."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import structlog

from api.contract.confirmations import ConfirmationStatus, EventConfirmation
from api.contract.events import StoredEventFeature
from detector.confirmation.verdict import Verdict
from detector.delivery.api_client import ApiClient, ApiRefusedError, ApiUnavailableError
from detector.delivery.outbox import Outbox, OutboxError
from detector.delivery.standing_events import StandingEvent, evidence_text
from detector.handover.memory_document import MemoryDocument, UnreadableMemoryError
from detector.handover.memory_publisher import MemoryPublisher
from detector.handover.memory_store import MemoryStore
from models.words import ConfirmedBy
from streams.camera import Camera

log = structlog.get_logger(__name__)

# The worker before may still have revisions to deliver, one each refresh interval of some ten
# seconds: a month of them. They must not pass for newer than those of the worker after it.
REVISIONS_LEFT_FREE = 100_000
_ASKED_BY_WORKERS = frozenset({ConfirmedBy.VISION_ENDPOINT, ConfirmedBy.SECOND_MODEL})
_SETTLED = "the worker that asked has handed the camera over before an answer came"

TakenOver = Callable[[str, list[StandingEvent]], None]


class HandOver:
    """Asks the API what another worker left of a camera, and makes it what is known here.

    Of two workers the one with the later look knows more. What the API knows of the events is
    believed before what the other worker said of them: it may have died before it delivered.
    Belongs to the thread that keeps the list of cameras.

    Args:
        client: The API.
        memory: Where what is known of the cameras is kept here.
        outbox: Where their standing events are kept here.
        publisher: Keeps it at the API from then on.
        taken_over: Told of each camera that was taken over, with its standing events.
    """

    def __init__(
        self,
        client: ApiClient,
        memory: MemoryStore,
        outbox: Outbox,
        publisher: MemoryPublisher,
        taken_over: TakenOver,
    ) -> None:
        self._client = client
        self._memory = memory
        self._outbox = outbox
        self._publisher = publisher
        self._taken_over = taken_over

    def admit(self, cameras: Iterable[Camera], watched: Callable[[str], bool]) -> list[Camera]:
        """Take up each camera that is not watched yet.

        Args:
            cameras: Those that are to be watched.
            watched: Whether a camera of an id is watched here already.

        Returns:
            Those that may be watched. While the API does not answer, new ones have to wait:
            looks that knew nothing of an event would open it a second time.
        """
        admitted, failed = [], False
        for camera in cameras:
            camera_id = camera.camera_id
            if not watched(camera_id):
                failed = failed or not self._took_up(camera_id)
                if failed:
                    continue
            admitted.append(camera)
        return admitted

    def _took_up(self, camera_id: str) -> bool:
        try:
            self._take_up(camera_id)
        except (ApiUnavailableError, OutboxError) as error:
            log.warning("memory_not_read", camera_id=camera_id, reason=str(error))
            return False
        except (ApiRefusedError, UnreadableMemoryError) as error:
            log.warning("memory_of_another_not_taken_up", camera_id=camera_id, reason=str(error))
        return True

    def _take_up(self, camera_id: str) -> None:
        left = self._client.camera_memory(camera_id)
        self._publisher.hold(camera_id, None if left is None else left.holder)
        if left is None or left.holder == self._memory.holder:
            return
        own = self._outbox.standing_of(camera_id)
        known_to = MemoryDocument.of(self._memory.load(camera_id), own).latest_look
        if known_to is not None and known_to >= left.latest_look:
            return
        document = MemoryDocument.unpacked(left.state)
        standing = self._standing(document.events(camera_id), own)
        self._outbox.take_over(camera_id, standing)
        self._memory.take_over(camera_id, document.watches)
        if left.health:
            self._memory.save_health(camera_id, left.health.decode(errors="replace"))
        self._taken_over(camera_id, standing)
        log.info(
            "camera_taken_over",
            camera_id=camera_id,
            holder=left.holder,
            latest_look=str(left.latest_look),
            standing=len(standing),
        )

    def _standing(
        self, others: list[StandingEvent], own: list[StandingEvent]
    ) -> list[StandingEvent]:
        """The events that stand, as the other worker and this one knew them and the API does."""
        handed_over = {event.sighting.event_id for event in others}
        only_here = [event for event in own if event.sighting.event_id not in handed_over]
        stored = {
            event.sighting.event_id: self._client.event(event.sighting.event_id)
            for event in (*others, *only_here)
        }
        taken = [_handed_over(event, stored[event.sighting.event_id]) for event in others]
        return [
            event
            for event in (*taken, *only_here)
            if not _has_cleared(stored[event.sighting.event_id])
        ]


def _has_cleared(stored: StoredEventFeature | None) -> bool:
    return stored is not None and stored.properties.cleared_at is not None


def _handed_over(event: StandingEvent, stored: StoredEventFeature | None) -> StandingEvent:
    """An event of another worker as this one goes on with it.

    Args:
        event: As the other worker knew it.
        stored: As the API has it, or None if it never arrived.
    """
    # Pictures that were never delivered are on the other worker's disk.
    evidence = () if stored is None else stored.properties.evidence
    delivered = 0 if stored is None else stored.properties.revision
    return replace(
        event,
        revision=max(event.revision, delivered) + REVISIONS_LEFT_FREE,
        evidence=evidence_text(evidence),
        worth=event.worth if evidence else None,
        confirmation=_settled(event.confirmation, stored),
    )


def _settled(
    said: EventConfirmation | None, stored: StoredEventFeature | None
) -> EventConfirmation | None:
    """What an event says of its confirmation when those who were to be asked no longer are."""
    if stored is not None and stored.properties.confirmation is not None:
        said = stored.properties.confirmation
    if said is None or said.status is not ConfirmationStatus.PENDING:
        return said
    return Verdict.unanswered(_SETTLED).on(said) if said.by in _ASKED_BY_WORKERS else said
