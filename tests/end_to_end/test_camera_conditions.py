"""A camera that cannot be trusted, from its pictures to what the API says of it."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import httpx
import pytest

from api.contract.conditions import FaultState, KnownCondition
from api.contract.events import EvidenceKind, StoredEventFeature
from demo.district_processes import ApiAccess, DistrictApi
from detector.delivery.api_client import ApiClient
from detector.delivery.delivery import Delivery
from detector.delivery.outbox import Outbox
from detector.delivery.worker_settings import WorkerSettings
from detector.inference.settings import DetectorSettings
from detector.live_models.model_set import AnalysedFrame
from detector.worker import condition_publisher
from detector.worker.configuration import WorkerConfiguration
from detector.worker.frame_judge import FrameJudge
from models.catalogue.issue_catalogue import load_catalogue
from models.catalogue.settings import CatalogueSettings
from models.registry.settings import ModelSettings
from streams.camera import Camera
from streams.frame import Frame, Picture
from streams.kit.stage_costs import StageCosts
from streams.reading.reader_status import ReaderState, ReaderStatus
from streams.reading.settings import StreamSettings
from streams.reading.stream_fault import StreamFault
from tests.end_to_end.conftest import read, stored_events
from tests.streams.camera_health.made_scene import lit, moved, noisy, scene
from tests.waiting import wait_until
from tests.watching import detections

CAMERA = Camera.model_validate(
    {
        "camera_id": "gate",
        "name": "Gate",
        "stream_url": "rtsp://host/x",
        "lon": 106.4,
        "lat": 29.5,
        "look_interval_seconds": 30.0,
    }
)
STEP = timedelta(seconds=30)
START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
STREET = moved(scene())
# So many looks let a fault stand for as long as its type in the catalogue asks.
LOOKS_OF_A_QUARTER_HOUR = 30


class JudgingWorker:
    """A worker without models and streams: it is shown its pictures. Everything else is real."""

    def __init__(self, access: ApiAccess, folder: Path) -> None:
        settings = WorkerSettings(
            api=access.url, key=access.keys.worker, data_dir=folder, refresh_seconds=60
        )
        self._access = access
        self._client = ApiClient(settings)
        self._outbox = Outbox(folder, 1 << 30)
        self._judge = FrameJudge(
            WorkerConfiguration(settings, DetectorSettings(), StreamSettings(), ModelSettings()),
            load_catalogue(CatalogueSettings()),
            self._outbox,
            self._client,
            StageCosts(),
            threading.Event(),
        )
        self._looks = 0

    def __enter__(self) -> Self:
        self._client.__enter__()
        self._outbox.__enter__()
        self._judge.__enter__()
        self._judge.follow([CAMERA])
        return self

    def __exit__(self, *exception: object) -> None:
        self._judge.__exit__(*exception)
        self._outbox.__exit__(*exception)
        self._client.__exit__(*exception)

    def show(self, picture: Picture, times: int = 1) -> None:
        """Look so often at this picture, with the noise of a sensor."""
        for _ in range(times):
            self._looks += 1
            at = START + self._looks * STEP
            frame = Frame("gate", noisy(picture, seed=self._looks), at, self._looks)
            self._judge.judge(AnalysedFrame(frame, detections([]), {}))

    def note_silent(self) -> None:
        """Say that the camera's stream is gone."""
        fault = StreamFault.UNREACHABLE
        gone = ReaderStatus("gate", ReaderState.WAITING, fault, str(fault), None, 0, {}, 1)
        self._judge.note_silent([gone])

    def deliver(self) -> None:
        """Send all events that wait."""
        with Delivery(self._outbox, self._client, 20.0):
            pass
        assert self._outbox.counts().waiting == 0

    def condition(self) -> KnownCondition:
        """What the API says of the camera."""
        answer = read(self._access, "/v1/cameras/gate/condition")
        return KnownCondition.model_validate_json(answer.content)

    def wait_for(self, *wanted: tuple[str, FaultState]) -> KnownCondition:
        """Wait until the API says exactly these faults."""

        def said() -> KnownCondition | None:
            known = self.condition()
            states = {(fault.fault, fault.state) for fault in known.faults}
            return known if states == set(wanted) else None

        return wait_until(said, what=f"faults {wanted}")


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DistrictApi]:
    with DistrictApi(tmp_path_factory.mktemp("api"), 0) as api:
        yield api


@pytest.fixture
def start_worker(district: DistrictApi, tmp_path: Path) -> Callable[[str], JudgingWorker]:
    """Makes workers by the name of their data folder; the camera is new to the API."""
    access = district.access
    headers = access.headers
    httpx.delete(f"{access.url}/v1/cameras/gate", headers=headers, trust_env=False)
    district.put_cameras([CAMERA])
    return lambda name: JudgingWorker(access, tmp_path / name)


def test_a_dark_camera_is_suspected_at_its_first_dark_look(start_worker):
    with start_worker("worker") as worker:
        worker.show(STREET, times=3)
        worker.show(lit(STREET, 0.02))

        (fault,) = worker.wait_for(("dark", FaultState.SUSPECTED)).faults
        assert fault.since == START + 4 * STEP
        assert fault.blinds
        assert "median brightness" in fault.measured

        worker.show(lit(STREET, 0.02), times=2)
        worker.wait_for(("dark", FaultState.STANDING))
        worker.show(STREET, times=4)
        worker.wait_for()


def test_the_next_worker_forgets_what_one_that_died_suspected(start_worker):
    with start_worker("before") as before:
        before.show(lit(STREET, 0.02))
        before.wait_for(("dark", FaultState.SUSPECTED))

    with start_worker("after") as after:
        assert after.condition().faults
        after.show(STREET)
        after.wait_for()


def test_a_fault_is_said_again_while_it_shows(start_worker, monkeypatch):
    monkeypatch.setattr(condition_publisher, "REPORT_SECONDS", 0.5)
    with start_worker("worker") as worker:
        worker.show(lit(STREET, 0.02))
        first = worker.wait_for(("dark", FaultState.SUSPECTED)).reported_at
        wait_until(
            lambda: (worker.condition().reported_at or first) > first, what="a second report"
        )


def test_a_camera_that_sends_nothing_is_said_to_be_gone(start_worker):
    with start_worker("worker") as worker:
        worker.show(STREET)
        worker.note_silent()
        (fault,) = worker.wait_for(("stream_gone", FaultState.STANDING)).faults
        assert "no picture for" in fault.measured


def pictures(event: StoredEventFeature, kind: EvidenceKind) -> list[str]:
    return [one.sha256 for one in event.properties.evidence if one.kind is kind]


def test_the_event_of_a_moved_camera_shows_how_far_and_what_should_show(
    start_worker, district: DistrictApi
):
    with start_worker("worker") as worker:
        worker.show(STREET, times=4)
        worker.show(moved(scene(), right=0.12))
        (fault,) = worker.wait_for(("view_moved", FaultState.SUSPECTED)).faults
        assert "shifted by +12" in fault.measured

        worker.show(moved(scene(), right=0.12), times=LOOKS_OF_A_QUARTER_HOUR)
        worker.deliver()

    (event,) = [
        one
        for one in stored_events(district.access)
        if [box.class_name for box in one.properties.detections] == ["view_moved"]
    ]
    assert "shifted by +12" in event.properties.measured
    (reference,) = pictures(event, EvidenceKind.REFERENCE)
    (present,) = pictures(event, EvidenceKind.FRAME)
    assert reference != present
    (taken,) = [one.captured_at for one in event.properties.evidence if one.sha256 == reference]
    assert START < taken < event.properties.first_seen
    for sha256 in (reference, present):
        picture = read(district.access, f"/v1/evidence/{sha256}")
        assert picture.headers["Content-Type"] == "image/jpeg"
