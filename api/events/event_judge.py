"""Judging posted events one by one, so that a bad one does not hold up the others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue, ValidationError
from pydantic_core import to_json

from api.contract.events import EventFeature, EventReceipt, FieldError, ReceiptStatus
from api.http.problems import field_errors, may_hold_nul, shown, unstorable
from models.catalogue.issue_catalogue import IssueCatalogue

# A camera whose clock was never set says 1970; nothing was watched before this.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# A clock that nobody sets drifts by seconds a day; one set in a wrong zone is hours off.
NEAR_FUTURE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StoredIdentity:
    """What is stored of an event and decides about a new delivery of it.

    Attributes:
        revision: Highest one so far.
        issue_code: Fixed for the event's life.
        camera_id: Fixed for the event's life.
        first_seen: Fixed for the event's life.
        camera_name: The camera's name when it was stored.
        received_at: When it was first stored.
    """

    revision: int
    issue_code: str
    camera_id: str
    first_seen: datetime
    camera_name: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the store knows around a batch.

    Attributes:
        stored: The batch's events that are stored already, by id.
        camera_names: Names of the batch's cameras that exist, by camera id.
        evidence: The batch's evidence that was uploaded.
    """

    stored: Mapping[str, StoredIdentity]
    camera_names: Mapping[str, str]
    evidence: Set[str]


def read_features(features: Sequence[JsonValue]) -> list[EventFeature | EventReceipt]:
    """Read each feature of a batch, or say in a receipt what is wrong with its shape."""
    return [_read(feature) for feature in features]


def _read(feature: JsonValue) -> EventFeature | EventReceipt:
    text = to_json(feature)
    try:
        event = EventFeature.model_validate_json(text, strict=True)
    except ValidationError as error:
        event_id = feature.get("id") if isinstance(feature, dict) else None
        problems = field_errors(error)
        return rejection(str(shown(event_id)) if isinstance(event_id, str) else None, problems)
    # The contract bounds every number.
    problems = list(unstorable(event.model_dump())) if may_hold_nul(text) else []
    return rejection(event.id, problems) if problems else event


def deferral(event_id: str, errors: Iterable[FieldError]) -> EventReceipt:
    """Return the receipt of an event that may be stored later."""
    return EventReceipt(id=event_id, status=ReceiptStatus.DEFERRED, errors=list(errors))


def rejection(event_id: str | None, errors: Iterable[FieldError]) -> EventReceipt:
    """Return the receipt of an event that will never be stored."""
    return EventReceipt(id=event_id, status=ReceiptStatus.REJECTED, errors=list(errors))


class EventJudge:
    """Finds what is wrong with a well-formed event, given what is stored."""

    def __init__(self, catalogue: IssueCatalogue, clock_skew_seconds: float) -> None:
        self._catalogue = catalogue
        self._clock_skew = timedelta(seconds=clock_skew_seconds)

    def problems(self, event: EventFeature, around: Surroundings) -> list[FieldError]:
        """Return what is wrong; nothing if the event may be stored."""
        stored = around.stored.get(event.id)
        return [
            *self._time_problems(event),
            *_evidence_problems(event, around.evidence),
            *(
                self._reference_problems(event, around)
                if stored is None
                else _identity_problems(event, stored)
            ),
        ]

    def _reference_problems(
        self, event: EventFeature, around: Surroundings
    ) -> Iterator[FieldError]:
        # Only for new events: one that is stored may go on after its camera was deleted.
        properties = event.properties
        if properties.issue_code not in self._catalogue.types:
            yield FieldError(
                field="properties.issue_code",
                message=f"is not in issue catalogue {self._catalogue.version}",
                value=properties.issue_code,
            )
        if properties.camera_id not in around.camera_names:
            yield FieldError(
                field="properties.camera_id",
                message="no such camera; import it first",
                value=properties.camera_id,
            )

    def not_yet(self, event: EventFeature) -> list[FieldError]:
        """Return which times of an event have still to come; then it is worth another try.

        Two clocks differ by minutes when one of them was not set for a while. The event is good
        and stays its worker's until the API's clock has come as far, or is set right.
        """
        now = datetime.now(UTC)
        return [
            FieldError(
                field=field,
                message=f"lies in the future; here it is {now.isoformat()}, allowed are "
                f"{self._clock_skew.total_seconds():g} s more: set both clocks, or wait",
                value=moment.isoformat(),
            )
            for field, moment in _times(event)
            if moment > now + self._clock_skew
        ]

    def _time_problems(self, event: EventFeature) -> Iterator[FieldError]:
        now = datetime.now(UTC)
        for field, moment in _times(event):
            if moment > now + self._clock_skew + NEAR_FUTURE:
                yield FieldError(
                    field=field,
                    message=f"lies in a future too far to wait for; here it is {now.isoformat()}; "
                    "is the clock set?",
                    value=moment.isoformat(),
                )
            if moment < EARLIEST:
                yield FieldError(
                    field=field,
                    message=f"lies before {EARLIEST.date()}; is the clock set?",
                    value=moment.isoformat(),
                )


def _times(event: EventFeature) -> Iterator[tuple[str, datetime]]:
    properties = event.properties
    yield "properties.first_seen", properties.first_seen
    yield "properties.last_seen", properties.last_seen
    if properties.cleared_at is not None:
        yield "properties.cleared_at", properties.cleared_at
    for index, reference in enumerate(properties.evidence):
        yield f"properties.evidence.{index}.captured_at", reference.captured_at
    asked = properties.confirmation
    if asked is not None and asked.asked_at is not None:
        yield "properties.confirmation.asked_at", asked.asked_at
    if asked is not None and asked.answered_at is not None:
        yield "properties.confirmation.answered_at", asked.answered_at


def _evidence_problems(event: EventFeature, known: Set[str]) -> Iterator[FieldError]:
    for index, reference in enumerate(event.properties.evidence):
        if reference.sha256 not in known:
            yield FieldError(
                field=f"properties.evidence.{index}.sha256",
                message="no such evidence; PUT /v1/evidence/{sha256} comes before the event",
                value=reference.sha256,
            )


def _identity_problems(event: EventFeature, stored: StoredIdentity) -> Iterator[FieldError]:
    for name in ("camera_id", "issue_code", "first_seen"):
        given, kept = getattr(event.properties, name), getattr(stored, name)
        if given != kept:
            yield FieldError(
                field=f"properties.{name}",
                message=f"is {kept} in the stored event of this id and may not change",
                value=shown(given),
            )
