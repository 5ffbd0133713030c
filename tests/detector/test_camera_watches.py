"""The watches follow the list of cameras without forgetting what stands."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from detector.camera_watches import CameraWatches, WatchOutcome
from detector.memory_store import MemoryStore
from detector.outbox import StandingEvent
from detector.sighting import ChangeKind
from streams.camera import Camera, EnabledIssueType
from streams.frame import Frame
from tests.watching import NOON, SHANGHAI, ZONES, Seen, car, catalogue_of, detections

RULE = {
    "classes": ["car"],
    "zones": ["no_parking"],
    "dwell_seconds": 2,
    "minimum_looks": 2,
    "same_object": True,
}
CATALOGUE = catalogue_of(c90001=RULE)


def a_camera(camera_id: str = "gate", name: str = "Gate", code: str = "90001") -> Camera:
    return Camera.model_validate(
        {
            "camera_id": camera_id,
            "name": name,
            "stream_url": "rtsp://host/x",
            "lon": 106.4,
            "lat": 29.5,
            "zones": ZONES,
            "issue_types": [EnabledIssueType(code=code)],
        }
    )


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[MemoryStore]:
    with MemoryStore(tmp_path) as store:
        yield store


@pytest.fixture
def watches(memory: MemoryStore) -> Callable[..., CameraWatches]:
    def make(standing: Sequence[StandingEvent] = ()) -> CameraWatches:
        return CameraWatches(CATALOGUE, SHANGHAI, standing, memory)

    return make


def look(watched: CameraWatches, second: int, *seen: Seen) -> WatchOutcome | None:
    picture = np.zeros((90, 160, 3), np.uint8)
    frame = Frame("gate", picture, NOON + timedelta(seconds=second), second)
    return watched.look(frame, detections(seen))


def opened(watched: CameraWatches) -> str:
    """Look until the parked car is an event; return its id."""
    for second in range(6):
        outcome = look(watched, second, car())
        for change in outcome.changes:
            if change.kind is ChangeKind.OPENED:
                return change.sighting.event_id
    pytest.fail("no event opened")


def test_changed_camera_keeps_its_standing_event(watches):
    watched = watches()
    watched.follow([a_camera()])
    event_id = opened(watched)

    watched.follow([a_camera(name="Gate, renamed")])
    outcome = look(watched, 10, car())

    assert outcome.camera.name == "Gate, renamed"
    assert [sighting.event_id for sighting in outcome.open_sightings] == [event_id]
    assert all(change.kind is not ChangeKind.OPENED for change in outcome.changes)


def test_camera_that_comes_back_keeps_its_standing_event(watches):
    watched = watches()
    watched.follow([a_camera()])
    event_id = opened(watched)

    watched.follow([])
    assert look(watched, 10, car()) is None
    watched.follow([a_camera()])
    outcome = look(watched, 11, car())

    assert [sighting.event_id for sighting in outcome.open_sightings] == [event_id]


def test_standing_event_of_an_earlier_run_goes_on(watches):
    first = watches()
    first.follow([a_camera()])
    event_id = opened(first)
    (sighting,) = look(first, 7, car()).open_sightings

    second = watches([StandingEvent("gate", 3, "[]", sighting)])
    second.follow([a_camera()])
    outcome = look(second, 8, car())

    assert [found.event_id for found in outcome.open_sightings] == [event_id]


def test_camera_that_asks_for_an_unknown_type_is_left_out_alone(watches):
    accepted = watches().follow([a_camera("odd", code="99999"), a_camera()])

    assert [camera.camera_id for camera in accepted] == ["gate"]


def test_a_worker_that_is_killed_in_the_middle_of_a_dwell_goes_on_where_it_was(watches):
    before = watches()
    before.follow([a_camera()])
    assert look(before, 0, car()).changes == []

    after = watches()
    after.follow([a_camera()])
    (change,) = look(after, 2, car()).changes

    assert change.kind is ChangeKind.OPENED
    assert change.sighting.first_seen == NOON
    assert change.sighting.observed_count == 2
