"""Turns what happens to sightings into revisions of events in the outbox."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from api.contract import (
    EventFeature,
    EventProperties,
    EvidenceReference,
    ModelReference,
    Point,
    ReportedDetection,
)
from detector.detections import Detections
from detector.evidence import EvidencePicture, take_evidence
from detector.geotag import geotag
from detector.outbox import Outbox, StandingEvent
from detector.sighting import ChangeKind, Sighting, SightingChange, looked_for
from streams.camera import Camera
from streams.frame import Frame
from streams.ground_projection import WIDE_SCREEN

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
    """

    camera: Camera
    frame: Frame | None
    detections: Detections
    found_by: Mapping[str, ModelReference]


@dataclass(slots=True)
class _Reported:
    revision: int
    evidence: tuple[EvidenceReference, ...]
    last_sent: datetime
    model: ModelReference


class EventRecorder:
    """Puts an event into the outbox when it opens, clears, and at intervals while it lasts.

    Belongs to the thread that evaluates the rules. An event names the model version that found
    it when it opened, also after the worker changed to another.

    Args:
        outbox: Where events go.
        catalogue_version: The catalogue that the events name.
        refresh_seconds: A lasting event is put again after this time.
        standing: Events of an earlier run, whose revisions are counted on.
    """

    def __init__(
        self,
        outbox: Outbox,
        catalogue_version: str,
        refresh_seconds: float,
        standing: Iterable[StandingEvent],
    ) -> None:
        self._outbox = outbox
        self._catalogue_version = catalogue_version
        self._refresh = timedelta(seconds=refresh_seconds)
        self._reported = {
            event.sighting.event_id: _Reported(
                event.revision,
                tuple(
                    EvidenceReference.model_validate(item) for item in json.loads(event.evidence)
                ),
                event.sighting.last_seen,
                event.model or _FORGOTTEN_MODEL,
            )
            for event in standing
        }

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
        if (
            change.kind is ChangeKind.CONTINUED
            and sighting.last_seen < known.last_sent + self._refresh
        ):
            return
        following = replace(known, revision=known.revision + 1, last_sent=sighting.last_seen)
        self._put(look, change, following, ())
        if change.kind is ChangeKind.CLEARED:
            del self._reported[sighting.event_id]
            log.info("event_cleared", **_names(look, sighting))

    def _open(self, look: Look, change: SightingChange) -> None:
        sighting = change.sighting
        pictures = _evidence(look, sighting)
        references = tuple(picture.reference for picture in pictures)
        best = sighting.class_names[int(sighting.scores.argmax())]
        found_by = look.found_by.get(looked_for(best), _NO_MODEL)
        reported = _Reported(1, references, sighting.last_seen, found_by)
        self._put(look, change, reported, pictures)
        log.info("event_opened", **_names(look, sighting))

    def _put(
        self,
        look: Look,
        change: SightingChange,
        reported: _Reported,
        pictures: Sequence[EvidencePicture],
    ) -> None:
        feature = self._feature(look, change, reported)
        self._outbox.put(feature, change.sighting, pictures)
        self._reported[change.sighting.event_id] = reported

    def _feature(self, look: Look, change: SightingChange, reported: _Reported) -> EventFeature:
        sighting = change.sighting
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
                score=sighting.score,
                location_source=location.source,
                accuracy_m=location.accuracy_m,
                detections=_reported_detections(sighting),
                evidence=reported.evidence,
                model=reported.model,
            ),
        )


def _evidence(look: Look, sighting: Sighting) -> tuple[EvidencePicture, ...]:
    if look.frame is None:
        return ()
    zones = [zone for zone in look.camera.zones if zone.zone_id == sighting.zone_id]
    return take_evidence(look.frame, look.detections, sighting.boxes, zones)


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
