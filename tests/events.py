"""Ready-made sightings and events for tests."""

import hashlib
import io
from datetime import UTC, datetime, timedelta

import numpy as np
from PIL import Image
from ulid import ULID

from api.contract.events import (
    EventFeature,
    EventProperties,
    EvidenceKind,
    LocationSource,
    ModelReference,
    Point,
)
from detector.evidence.evidence import EvidencePicture
from detector.sighting import Sighting

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MODEL = ModelReference(name="colour", version="1", sha256="0" * 64)


def make_sighting(event_id: str | None = None) -> Sighting:
    """A car that has stood for three looks."""
    return Sighting(
        event_id=event_id or str(ULID()),
        issue_code="09009",
        zone_id="kerb",
        first_seen=NOON,
        last_seen=NOON + timedelta(seconds=2),
        observed_count=3,
        score=0.9,
        boxes=np.array([[0.25, 0.25, 0.5, 0.5]], np.float32),
        class_names=("car",),
        scores=np.array([0.9], np.float32),
    )


def make_feature(
    sighting: Sighting,
    revision: int = 1,
    pictures: tuple[EvidencePicture, ...] = (),
    cleared_at: datetime | None = None,
) -> EventFeature:
    """The event of a sighting of camera ``gate``."""
    return EventFeature(
        id=sighting.event_id,
        geometry=Point(coordinates=(106.457, 29.541)),
        properties=EventProperties(
            catalogue_version="2026.1",
            revision=revision,
            issue_code=sighting.issue_code,
            camera_id="gate",
            zone_id=sighting.zone_id,
            first_seen=sighting.first_seen,
            last_seen=sighting.last_seen,
            cleared_at=cleared_at,
            observed_count=sighting.observed_count,
            score=sighting.score,
            location_source=LocationSource.CAMERA,
            accuracy_m=20.0,
            evidence=tuple(picture.reference for picture in pictures),
            model=MODEL,
        ),
    )


def small_jpeg() -> bytes:
    """A picture as small as they come."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, "JPEG")
    return file.getvalue()


def make_evidence(content: bytes = b"one") -> EvidencePicture:
    """A small picture; ``content`` stands behind its end, so that others have other hashes."""
    jpeg = small_jpeg() + content
    return EvidencePicture(
        kind=EvidenceKind.FRAME,
        jpeg=jpeg,
        sha256=hashlib.sha256(jpeg).hexdigest(),
        captured_at=NOON,
    )
