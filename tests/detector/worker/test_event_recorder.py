"""What happens to a sighting becomes revisions of one event."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from api.contract.events import ModelReference
from detector.delivery.outbox import Outbox
from detector.detections import Detections
from detector.sighting import ChangeKind, Recurrence, Sighting, SightingChange
from detector.worker.event_recorder import EventRecorder, Look
from streams.camera import Camera
from streams.frame import Frame
from tests.events import make_sighting

CAMERA = Camera.model_validate(
    {"camera_id": "gate", "name": "Gate", "stream_url": "rtsp://h/x", "lon": 106.4, "lat": 29.5}
)
MODEL = ModelReference(name="m", version="1", sha256="0" * 64)
REFRESH_SECONDS = 30.0


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path, 1 << 30) as opened:
        yield opened


def recorder(outbox: Outbox) -> EventRecorder:
    return EventRecorder(outbox, "2026.1", REFRESH_SECONDS, outbox.standing())


def look(sighting: Sighting, model: ModelReference = MODEL) -> Look:
    frame = Frame("gate", np.full((90, 160, 3), 80, np.uint8), sighting.last_seen, 0)
    found = Detections(sighting.boxes, sighting.scores, np.array([0]), ("car",))
    return Look(CAMERA, frame, found, {"car": model})


def happen(
    to: EventRecorder, kind: ChangeKind, sighting: Sighting, model: ModelReference = MODEL
) -> None:
    to.record(look(sighting, model), SightingChange(kind, sighting, sighting.last_seen))


def later(sighting: Sighting, seconds: float) -> Sighting:
    return replace(
        sighting,
        last_seen=sighting.last_seen + timedelta(seconds=seconds),
        observed_count=sighting.observed_count + 1,
    )


def test_opened_event_has_pictures_place_and_first_revision(outbox: Outbox):
    sighting = make_sighting()

    happen(recorder(outbox), ChangeKind.OPENED, sighting)

    (feature,) = outbox.waiting(10)
    said = feature.properties
    assert (feature.id, said.revision, said.camera_id) == (sighting.event_id, 1, "gate")
    assert feature.geometry.coordinates == (106.4, 29.5)
    assert len(said.evidence) == 3
    assert {item.sha256 for item in said.evidence} == {
        picture.sha256 for picture in outbox.pictures_of(feature.id)
    }


def test_lasting_event_is_sent_again_only_when_it_is_due(outbox: Outbox):
    recording, sighting = recorder(outbox), make_sighting()
    happen(recording, ChangeKind.OPENED, sighting)

    happen(recording, ChangeKind.CONTINUED, later(sighting, REFRESH_SECONDS - 1))
    assert [feature.properties.revision for feature in outbox.waiting(10)] == [1]
    happen(recording, ChangeKind.CONTINUED, later(sighting, REFRESH_SECONDS))

    (feature,) = outbox.waiting(10)
    assert feature.properties.revision == 2
    assert feature.properties.last_seen == sighting.last_seen + timedelta(seconds=REFRESH_SECONDS)
    assert len(feature.properties.evidence) == 3


def test_cleared_event_is_sent_at_once_and_stands_no_more(outbox: Outbox):
    recording, sighting = recorder(outbox), make_sighting()
    happen(recording, ChangeKind.OPENED, sighting)

    happen(recording, ChangeKind.CLEARED, sighting)

    (feature,) = outbox.waiting(10)
    assert feature.properties.cleared_at == sighting.last_seen
    assert outbox.standing() == []


def test_restarted_recorder_counts_revisions_on(outbox: Outbox):
    sighting = make_sighting()
    happen(recorder(outbox), ChangeKind.OPENED, sighting)

    happen(recorder(outbox), ChangeKind.CONTINUED, later(sighting, REFRESH_SECONDS))

    (feature,) = outbox.waiting(10)
    assert feature.properties.revision == 2
    assert len(feature.properties.evidence) == 3


def test_an_event_says_which_one_it_repeats_also_after_a_restart(outbox: Outbox):
    earlier = make_sighting()
    again = replace(make_sighting(), recurrence=Recurrence(earlier.event_id, 2))
    happen(recorder(outbox), ChangeKind.OPENED, again)
    (standing,) = outbox.standing()
    assert standing.sighting.recurrence == again.recurrence

    happen(recorder(outbox), ChangeKind.CLEARED, standing.sighting)

    (feature,) = outbox.waiting(10)
    said = feature.properties
    assert (said.recurrence_of, said.recurrence_number) == (earlier.event_id, 2)


def test_event_names_the_model_that_found_it_also_after_others(outbox: Outbox):
    sighting = make_sighting()
    newer = ModelReference(name="m", version="2", sha256="1" * 64)
    happen(recorder(outbox), ChangeKind.OPENED, sighting)

    happen(recorder(outbox), ChangeKind.CLEARED, later(sighting, 60), newer)

    (feature,) = outbox.waiting(10)
    assert feature.properties.revision == 2
    assert feature.properties.model == MODEL


def test_model_of_an_event_is_that_of_its_best_box(outbox: Outbox):
    two = replace(
        make_sighting(),
        boxes=np.array([[0.1, 0.1, 0.2, 0.2], [0.5, 0.5, 0.6, 0.6]], np.float32),
        class_names=("car", "boat"),
        scores=np.array([0.6, 0.9], np.float32),
    )
    river = ModelReference(name="river", version="1", sha256="2" * 64)
    shown = replace(look(make_sighting()), found_by={"car": MODEL, "boat": river})

    recorder(outbox).record(shown, SightingChange(ChangeKind.OPENED, two, two.last_seen))

    (feature,) = outbox.waiting(10)
    assert feature.properties.model == river
