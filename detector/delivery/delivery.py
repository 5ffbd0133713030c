"""Delivery: carries events from the outbox to the API, at least once each."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import structlog

from api.contract.events import EventFeature, EventReceipt, FieldError, ReceiptStatus
from detector.delivery.api_client import (
    ApiClient,
    ApiRefusedError,
    ApiUnavailableError,
    BadKeyError,
)
from detector.delivery.outbox import Outbox, OutboxError
from streams.kit.backoff import Backoff
from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)

# Small enough that one batch of refreshed events stays under a second of the API's time.
BATCH_SIZE = 50
FIRST_PAUSE_SECONDS = 0.2
# An API that was restarted is found again within this time by every worker.
LONGEST_PAUSE_SECONDS = 15.0
IDLE_WAIT_SECONDS = 0.5


class EventsDeferredError(CityPatrolError):
    """The API takes none of a batch yet, for by its clock they have still to happen."""


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """What became of the events so far, and how often the API failed to answer."""

    posted: int
    refused: int
    failures: int


class Delivery:
    """One thread that empties the outbox into the API, with back-off while it is away.

    An event leaves the outbox only after the API has said that it is committed, so a crash of
    either side costs nothing but a repeated delivery, which the API recognises. Use it in
    ``with``; leaving tries for ``drain_seconds`` to send what still waits.
    """

    def __init__(self, outbox: Outbox, client: ApiClient, drain_seconds: float) -> None:
        self._outbox = outbox
        self._client = client
        self._drain_seconds = drain_seconds
        self._stopping = threading.Event()
        self._abandoned = threading.Event()
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)
        self._posted: set[str] = set()
        self._posted_count = 0
        self._refused = 0
        self._failures = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopping.set()
        self._thread.join(self._drain_seconds)
        self._abandoned.set()
        self._thread.join()
        waiting = self._outbox.counts().waiting
        if waiting:
            log.warning("events_left_in_outbox", waiting=waiting)

    @property
    def alive(self) -> bool:
        """Whether its thread is at work."""
        return self._thread.is_alive()

    def counts(self) -> DeliveryCounts:
        """Counters since the start; may be read from any thread."""
        return DeliveryCounts(self._posted_count, self._refused, self._failures)

    def _run(self) -> None:
        backoff = Backoff(FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
        while not self._abandoned.is_set():
            try:
                features = self._outbox.waiting(BATCH_SIZE, timeout=IDLE_WAIT_SECONDS)
                if features:
                    self._deliver(features)
                elif self._stopping.is_set():
                    return
                backoff.reset()
            except (ApiUnavailableError, BadKeyError, EventsDeferredError, OutboxError) as error:
                self._failures += 1
                log.warning("delivery_failed", reason=str(error))
                self._abandoned.wait(backoff.next_delay())

    def _deliver(self, features: Sequence[EventFeature]) -> None:
        sendable = [feature for feature in features if self._upload(feature)]
        if not sendable:
            return
        try:
            receipts = self._client.post_events(sendable)
        except BadKeyError:
            raise
        except ApiRefusedError as error:
            self._deliver_singly(sendable, error)
            return
        self._settle(sendable, receipts)

    def _upload(self, feature: EventFeature) -> bool:
        """Upload the event's pictures; an event whose picture is refused is set aside."""
        try:
            for picture in self._outbox.pictures_of(feature.id):
                self._client.upload_evidence(picture.sha256, picture.jpeg)
        except BadKeyError:
            raise
        except ApiRefusedError as error:
            self._refuse(feature, [FieldError(field="properties.evidence", message=str(error))])
            return False
        return True

    def _deliver_singly(self, features: Sequence[EventFeature], error: ApiRefusedError) -> None:
        """Find the event for which a whole batch was refused, so that the others go through."""
        if len(features) == 1:
            self._refuse(features[0], [FieldError(field="", message=str(error))])
            return
        for feature in features:
            self._deliver([feature])

    def _settle(self, features: Sequence[EventFeature], receipts: Sequence[EventReceipt]) -> None:
        committed, deferred = [], []
        for feature, receipt in zip(features, receipts, strict=True):
            if receipt.status is ReceiptStatus.REJECTED:
                self._refuse(feature, receipt.errors)
            elif receipt.status is ReceiptStatus.DEFERRED:
                deferred.append(feature)
            else:
                committed.append(feature)
        self._outbox.delivered(committed)
        for feature in committed:
            self._count_posted(feature)
        if deferred:
            self._outbox.defer(deferred)
            if not committed:
                raise EventsDeferredError(
                    f"{len(deferred)} events lie in the API's future and wait; this machine's "
                    f"clock is {self._client.clock.ahead_seconds} s ahead of the API's: set both"
                )

    def _count_posted(self, feature: EventFeature) -> None:
        if feature.id not in self._posted:
            self._posted_count += 1
            self._posted.add(feature.id)
        if feature.properties.cleared_at is not None:
            self._posted.discard(feature.id)

    def _refuse(self, feature: EventFeature, errors: Sequence[FieldError]) -> None:
        self._refused += 1
        log.error(
            "event_refused",
            event_id=feature.id,
            camera_id=feature.properties.camera_id,
            errors=[f"{error.field}: {error.message}" for error in errors],
        )
        self._outbox.refuse(feature, errors)
