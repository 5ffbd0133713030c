"""What was handled is looked at again, and each look is told once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from api.contract.events import ReportedDetection
from api.contract.repair_checks import (
    LookReceipt,
    RepairCheck,
    RepairCheckStatus,
    RepairLook,
    RepairSeen,
)
from detector.handover.memory_store import MemoryStore
from detector.sighting import ChangeKind
from detector.watching.camera_watches import CameraWatches
from detector.watching.repair_sight import CameraLook, seen_at
from detector.watching.watch_standards import WatchStandards
from detector.worker.repair_watch import RepairWatch
from streams.camera import Camera
from streams.camera_health.health_settings import HealthSettings
from streams.frame import Frame
from tests.streams.camera_health.made_scene import noisy, scene
from tests.waiting import wait_until
from tests.watching import (
    BESIDE,
    NOON,
    PARKED,
    SHANGHAI,
    ZONES,
    Seen,
    car,
    catalogue_of,
    detections,
)

RULE = {
    "classes": ["car"],
    "zones": ["no_parking"],
    "dwell_seconds": 2,
    "minimum_looks": 2,
    "same_object": True,
    "clear_after_looks": 3,
}
AT_NIGHT = {**RULE, "when": {"hours": ["22:00-06:00"]}}
STREET = scene(width=160, height=90)
BLACK = np.zeros((90, 160, 3), np.uint8)
CHECK = RepairCheck(
    check_id="01JD8Z6Q3V5W7X9Y1A3C5E7G9M",
    event_id="01JD8Z6Q3V5W7X9Y1A3C5E7G9J",
    camera_id="gate",
    issue_code="90001",
    zone_id="kerb",
    detections=(ReportedDetection(class_name="car", score=0.9, box=PARKED),),
    look_after=NOON,
    pause_seconds=10,
    status=RepairCheckStatus.OPEN,
)


def a_camera(**changes: object) -> Camera:
    return Camera.model_validate(
        {
            "camera_id": "gate",
            "name": "Gate",
            "stream_url": "rtsp://host/x",
            "lon": 106.4,
            "lat": 29.5,
            "zones": ZONES,
            "issue_types": [{"code": "90001"}],
            **changes,
        }
    )


class Watched:
    """A camera and what is known of it."""

    def __init__(self, memory: MemoryStore, rule: dict) -> None:
        standards = WatchStandards(catalogue_of(c90001=rule), SHANGHAI, HealthSettings())
        self.watches = CameraWatches(standards, (), memory)
        self.camera = a_camera()
        self.watches.follow([self.camera])
        self.second = 0

    def look(self, *seen: Seen, picture: np.ndarray | None = None) -> CameraLook:
        self.second += 1
        shown = noisy(STREET, seed=self.second) if picture is None else picture
        frame = Frame("gate", shown, NOON + timedelta(seconds=self.second), self.second)
        found = detections(seen)
        outcome = self.watches.judge(frame, found)
        assert outcome is not None
        return CameraLook(frame, found, outcome, self.camera)

    def opened(self, *seen: Seen) -> str:
        for _ in range(8):
            for change in self.look(*seen).outcome.changes:
                if change.kind is ChangeKind.OPENED:
                    return change.sighting.event_id
        pytest.fail("no event opened")


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[MemoryStore]:
    with MemoryStore(tmp_path) as store:
        yield store


@pytest.fixture
def watched(memory: MemoryStore) -> Watched:
    return Watched(memory, RULE)


def test_what_stands_is_present_until_it_has_cleared(watched: Watched):
    check = CHECK.model_copy(update={"event_id": watched.opened(car())})
    assert seen_at(check, watched.look(car())) is RepairSeen.PRESENT
    told = [seen_at(check, watched.look()) for _ in range(5)]
    assert told[0] is None
    assert told[-1] is RepairSeen.ABSENT
    assert RepairSeen.PRESENT not in told


def test_what_is_found_there_but_is_no_event_yet_is_neither(watched: Watched):
    watched.look()
    assert seen_at(CHECK, watched.look(car())) is None
    assert seen_at(CHECK, watched.look(car(BESIDE))) is RepairSeen.ABSENT


def test_another_event_at_the_same_place_is_the_matter_again(watched: Watched):
    watched.opened(car())
    assert seen_at(CHECK, watched.look(car())) is RepairSeen.PRESENT


def test_camera_that_cannot_be_trusted_tells_nothing(watched: Watched):
    watched.look()
    assert seen_at(CHECK, watched.look(picture=BLACK)) is RepairSeen.UNHEALTHY


def test_look_outside_the_hours_of_its_rule_tells_nothing(memory: MemoryStore):
    assert seen_at(CHECK, Watched(memory, AT_NIGHT).look()) is None


def test_type_that_is_no_longer_watched_tells_nothing(watched: Watched):
    other = CHECK.model_copy(update={"issue_code": "90002"})
    assert seen_at(other, watched.look()) is None


def test_other_view_of_a_camera_that_turns_tells_nothing(watched: Watched):
    look = watched.look()
    drawn = [{**zone, "preset": "street"} for zone in ZONES]
    turning = CameraLook(
        look.frame,
        look.detections,
        look.outcome,
        a_camera(presets=[{"name": "street"}], zones=drawn),
    )
    elsewhere = CHECK.model_copy(update={"zone_id": "behind"})
    assert seen_at(elsewhere, turning) is None
    assert seen_at(CHECK.model_copy(update={"zone_id": None}), turning) is None
    assert seen_at(CHECK, turning) is RepairSeen.ABSENT


class Api:
    """The part of the API that is asked."""

    def __init__(self) -> None:
        self.checks = [CHECK]
        self.looks: list[RepairLook] = []
        self.pictures: list[str] = []

    def repair_checks(self) -> list[RepairCheck]:
        return self.checks

    def upload_evidence(self, sha256: str, jpeg: bytes) -> None:
        assert jpeg
        self.pictures.append(sha256)

    def post_repair_look(self, check_id: str, look: RepairLook) -> LookReceipt:
        assert check_id == CHECK.check_id
        self.looks.append(look)
        status = RepairCheckStatus.ABSENT if len(self.looks) == 2 else RepairCheckStatus.OPEN
        return LookReceipt(status=status, look_after=look.looked_at + timedelta(seconds=10))


def test_each_look_is_sent_with_its_picture_and_not_before_it_is_due(watched: Watched):
    api = Api()
    with RepairWatch(api) as repairs:  # type: ignore[arg-type]
        repairs.follow([watched.camera])
        repairs.note(watched.look())
        wait_until(lambda: len(api.looks) == 1, what="the first look")
        for _ in range(10):
            repairs.note(watched.look())
        last = watched.look()

        def sent() -> bool:
            # The receipt may still be on its way.
            repairs.note(last)
            return len(api.looks) == 2

        wait_until(sent, what="the second look")
        assert [one.looked_at - NOON for one in api.looks][1] == timedelta(seconds=12)
        assert [one.sha256 for one in api.looks] == api.pictures
        wait_until(lambda: repairs.camera("gate") is None, what="the end of the check")


def test_silent_camera_is_said_to_be_unhealthy(watched: Watched):
    api = Api()
    watched.look()
    outcome = watched.watches.no_look("gate", NOON + timedelta(hours=1))
    assert outcome is not None
    with RepairWatch(api) as repairs:  # type: ignore[arg-type]
        repairs.follow([watched.camera])
        repairs.note_silent("gate", outcome.health)
        wait_until(lambda: bool(api.looks), what="a look")
    assert api.looks[0].seen is RepairSeen.UNHEALTHY
    assert "stream_gone" in api.looks[0].faults
    assert api.pictures == []


def test_camera_that_is_seldom_looked_at_comes_sooner(watched: Watched):
    repairs = RepairWatch(Api())  # type: ignore[arg-type]
    rare, often = a_camera(look_interval_seconds=600), a_camera(look_interval_seconds=2)
    other = a_camera(camera_id="other", look_interval_seconds=600)
    assert repairs.hastened([rare]) == [rare]
    repairs.follow([rare, other])
    assert [one.look_interval_seconds for one in repairs.hastened([rare, other])] == [10, 600]
    assert repairs.hastened([often]) == [often]
