"""Turns what happens to sightings into revisions of events in the outbox."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from api.contract.confirmations import EventConfirmation
from api.contract.events import (
    EventFeature,
    EventProperties,
    EvidenceReference,
    ModelReference,
    Point,
    ReportedDetection,
)
from detector.confirmation.confirmations import (
    NOTHING_TO_ASK,
    Asking,
    AsksForConfirmation,
    NobodyIsAsked,
)
from detector.confirmation.verdict import Verdict
from detector.delivery.outbox import Outbox
from detector.delivery.standing_events import StandingEvent
from detector.detections import Detections
from detector.evidence.evidence import (
    EvidencePicture,
    take_cleared_evidence,
    take_evidence,
    take_reference_evidence,
)
from detector.evidence.picture_worth import PictureWorth
from detector.geometry.geotag import geotag
from detector.sighting import ChangeKind, Sighting, SightingChange, looked_for
from streams.camera import Camera
from streams.camera_health.camera_fault import CameraFault
from streams.camera_health.light_look import LightLook
from streams.frame import Frame
from streams.ground.ground_projection import WIDE_SCREEN
from streams.zone import Zone

log = structlog.get_logger(__name__)

# Of an event that stood when a worker was updated which did not yet keep its model.
_FORGOTTEN_MODEL = ModelReference(name="unknown", version="unknown", sha256="0" * 64)
# Of an event that no model found: a fault of the camera is measured.
_NO_MODEL = ModelReference(name="camera_health", version="1", sha256="0" * 64)


@dataclass(frozen=True, slots=True)
class Look:
    """One analysed frame of one camera.

    Attributes:
        camera: The camera as it was configured at that look.
        frame: The picture, or None where a camera sends none.
        detections: What was found in it.
        found_by: The model version that finds each visual class.
        compared: The reference picture that the view was last compared with, if there was one.
    """

    camera: Camera
    frame: Frame | None
    detections: Detections
    found_by: Mapping[str, ModelReference]
    compared: LightLook | None = None


@dataclass(slots=True)
class _Reported:
    revision: int
    evidence: tuple[EvidenceReference, ...]
    last_sent: datetime
    model: ModelReference
    confirmation: EventConfirmation | None
    worth: PictureWorth | None


class EventRecorder:
    """Puts an event into the outbox when it opens, clears, and at intervals while it lasts.

    Also at a look that shows it clearly better than its pictures so far: these few pictures are
    added to those of its opening, as is the place's when it has cleared.

    Belongs to the thread that evaluates the rules. An event names the model version that found
    it when it opened, also after the worker changed to another.

    Args:
        outbox: Where events go.
        catalogue_version: The catalogue that the events name.
        refresh_seconds: A lasting event is put again after this time.
        standing: Events of an earlier run, whose revisions are counted on.
        confirmations: Asks who must confirm a new event; by default nobody.
    """

    def __init__(
        self,
        outbox: Outbox,
        catalogue_version: str,
        refresh_seconds: float,
        standing: Iterable[StandingEvent],
        confirmations: AsksForConfirmation | None = None,
    ) -> None:
        self._outbox = outbox
        self._confirmations = NobodyIsAsked() if confirmations is None else confirmations
        self._catalogue_version = catalogue_version
        self._refresh = timedelta(seconds=refresh_seconds)
        self._reported: dict[str, _Reported] = {}
        self.take_over(standing)

    def take_over(self, standing: Iterable[StandingEvent]) -> None:
        """Count on the revisions of events that an earlier run or another worker put."""
        for event in standing:
            self._reported[event.sighting.event_id] = _Reported(
                event.revision,
                tuple(
                    EvidenceReference.model_validate(item) for item in json.loads(event.evidence)
                ),
                event.sighting.last_seen,
                event.model or _FORGOTTEN_MODEL,
                event.confirmation,
                event.worth,
            )

    def record(self, look: Look, change: SightingChange) -> None:
        """Put the event's next revision into the outbox, if one is due.

        Raises:
            OutboxError: The outbox could not be written; calling again is safe.
        """
        sighting = change.sighting
        known = self._reported.get(sighting.event_id)
        if known is None:
            self._open(look, change)
            return
        worth = _better_worth(look, change, known)
        if (
            worth is None
            and change.kind is ChangeKind.CONTINUED
            and sighting.last_seen < known.last_sent + self._refresh
        ):
            return
        pictures = _cleared_evidence(look, change) if worth is None else _evidence(look, sighting)
        following = replace(
            known,
            revision=known.revision + 1,
            evidence=(*known.evidence, *(picture.reference for picture in pictures)),
            last_sent=sighting.last_seen,
            worth=worth or known.worth,
        )
        self._put(look, change, following, pictures)
        if change.kind is ChangeKind.CLEARED:
            del self._reported[sighting.event_id]
            log.info("event_cleared", **_names(look, sighting))

    def confirm(self, event_id: str, verdict: Verdict) -> None:
        """Put the next revision of an event, with the verdict on it, into the outbox.

        Also of one that has cleared meanwhile, and of one that an earlier run asked about.

        Raises:
            OutboxError: The outbox could not be written; calling again is safe.
        """
        last = self._outbox.asked_about(event_id)
        if last is None:
            return
        judged = verdict.revision_after(last)
        self._outbox.answer(judged)
        known = self._reported.get(event_id)
        if known is not None:
            said = judged.properties
            self._reported[event_id] = replace(
                known, revision=said.revision, confirmation=said.confirmation
            )

    def ask_again(self) -> None:
        """Put the questions to which an earlier run got no answer.

        Raises:
            OutboxError: The outbox could not be read or written.
        """
        for question in self._outbox.open_questions():
            refusal = self._confirmations.refusal(question.record.asks)
            if refusal is None:
                self._confirmations.ask(question)
            else:
                self.confirm(question.record.event_id, Verdict.unanswered(refusal))

    def _open(self, look: Look, change: SightingChange) -> None:
        sighting = change.sighting
        pictures = (*_evidence(look, sighting), *_reference_evidence(look, sighting))
        references = tuple(picture.reference for picture in pictures)
        best = sighting.class_names[int(sighting.scores.argmax())]
        found_by = look.found_by.get(looked_for(best), _NO_MODEL)
        asking = self._confirmations.begin(sighting, pictures)
        worth = None if look.frame is None else PictureWorth.of(look.frame, sighting)
        reported = _Reported(
            1, references, sighting.last_seen, found_by, asking.confirmation, worth
        )
        self._put(look, change, reported, pictures, asking)
        if asking.question is not None:
            self._confirmations.ask(asking.question)
        log.info("event_opened", **_names(look, sighting))

    def _put(
        self,
        look: Look,
        change: SightingChange,
        reported: _Reported,
        pictures: Sequence[EvidencePicture] = (),
        asking: Asking = NOTHING_TO_ASK,
    ) -> None:
        feature = self._feature(look, change, reported)
        self._outbox.put(feature, change.sighting, pictures, asking.question, reported.worth)
        self._reported[change.sighting.event_id] = reported

    def _feature(self, look: Look, change: SightingChange, reported: _Reported) -> EventFeature:
        sighting, recurrence = change.sighting, change.sighting.recurrence
        frame = look.frame
        aspect_ratio = WIDE_SCREEN if frame is None else frame.width / frame.height
        location = geotag(look.camera, sighting, aspect_ratio)
        return EventFeature(
            id=sighting.event_id,
            geometry=Point(coordinates=(location.lon, location.lat)),
            properties=EventProperties(
                catalogue_version=self._catalogue_version,
                revision=reported.revision,
                issue_code=sighting.issue_code,
                camera_id=look.camera.camera_id,
                zone_id=sighting.zone_id,
                first_seen=sighting.first_seen,
                last_seen=sighting.last_seen,
                cleared_at=change.changed_at if change.kind is ChangeKind.CLEARED else None,
                observed_count=sighting.observed_count,
                unwatched_seconds=round(sighting.unwatched_seconds, 1),
                score=sighting.score,
                location_source=location.source,
                accuracy_m=location.accuracy_m,
                detections=_reported_detections(sighting),
                evidence=reported.evidence,
                model=reported.model,
                measured=sighting.measured or None,
                recurrence_of=None if recurrence is None else recurrence.event_id,
                recurrence_number=0 if recurrence is None else recurrence.number,
                confirmation=reported.confirmation,
            ),
        )


def _better_worth(look: Look, change: SightingChange, known: _Reported) -> PictureWorth | None:
    """The worth of the look's picture, if it is to become the event's best."""
    if look.frame is None or change.kind is not ChangeKind.CONTINUED:
        return None
    if known.worth is None:
        return None if known.evidence else PictureWorth.of(look.frame, change.sighting)
    if not known.worth.may_be_bettered(look.frame.captured_at):
        return None
    worth = PictureWorth.of(look.frame, change.sighting)
    return known.worth.replaced_by(worth) if known.worth.is_bettered_by(worth) else None


def _evidence(look: Look, sighting: Sighting) -> tuple[EvidencePicture, ...]:
    if look.frame is None:
        return ()
    return take_evidence(look.frame, look.detections, sighting.boxes, _zones(look, sighting))


def _reference_evidence(look: Look, sighting: Sighting) -> tuple[EvidencePicture, ...]:
    """What the view should show, for who has to turn a moved camera back."""
    if look.compared is None or CameraFault.VIEW_MOVED not in sighting.class_names:
        return ()
    return (take_reference_evidence(look.compared),)


def _cleared_evidence(look: Look, change: SightingChange) -> tuple[EvidencePicture, ...]:
    if look.frame is None or change.kind is not ChangeKind.CLEARED:
        return ()
    sighting = change.sighting
    return (take_cleared_evidence(look.frame, sighting.boxes, _zones(look, sighting)),)


def _zones(look: Look, sighting: Sighting) -> list[Zone]:
    return [zone for zone in look.camera.zones if zone.zone_id == sighting.zone_id]


def _reported_detections(sighting: Sighting) -> tuple[ReportedDetection, ...]:
    return tuple(
        ReportedDetection(
            class_name=name,
            score=round(float(score), 4),
            box=tuple(round(float(edge), 5) for edge in box),
        )
        for name, score, box in zip(
            sighting.class_names, sighting.scores, sighting.boxes, strict=True
        )
    )


def _names(look: Look, sighting: Sighting) -> dict[str, object]:
    return {
        "event_id": sighting.event_id,
        "issue_code": sighting.issue_code,
        "camera_id": look.camera.camera_id,
        "zone_id": sighting.zone_id,
        "looks": sighting.observed_count,
    }
