"""A camera that is handed over: the next worker goes on where the one before stopped."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

import httpx
import pytest
from structlog.testing import capture_logs

from api.contract.confirmations import ConfirmationStatus, EventConfirmation
from api.contract.events import EventStatus, ModelReference, StoredEventFeature
from api.contract.memories import CameraMemoryUpdate
from demo.district_processes import ApiAccess, DistrictApi, DistrictWorker
from detector.delivery.api_client import ApiClient
from detector.delivery.delivery import Delivery
from detector.delivery.outbox import Outbox
from detector.delivery.standing_events import StandingEvent
from detector.delivery.worker_settings import WorkerSettings
from detector.handover.hand_over import HandOver
from detector.handover.memory_document import MemoryDocument, StandingRecord
from detector.handover.memory_publisher import MemoryPublisher, PublishingPace
from detector.handover.memory_store import MemoryStore
from detector.sighting import ChangeKind
from detector.watching.camera_watches import CameraWatches
from detector.watching.watch_standards import WatchStandards
from detector.worker.event_recorder import EventRecorder, Look
from models.catalogue.issue_catalogue import load_catalogue
from models.catalogue.settings import CatalogueSettings
from models.words import ConfirmedBy
from streams.camera import Camera
from streams.camera_health.health_settings import HealthSettings
from streams.frame import Frame
from tests.end_to_end.conftest import Street, replayed, stored_events, street_camera
from tests.end_to_end.test_crashes import watched_seconds
from tests.events import make_sighting
from tests.streams.camera_health.made_scene import noisy, scene
from tests.waiting import wait_until
from tests.watching import Seen, car, detections

STEP = timedelta(seconds=2)
START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
STREET = scene(width=160, height=90)
MODEL = {"car": ModelReference(name="m", version="1", sha256="0" * 64)}
STANDARDS = WatchStandards(
    load_catalogue(CatalogueSettings()), ZoneInfo("Asia/Shanghai"), HealthSettings()
)
LOOKS_TO_OPEN = 4


class ShownWorker:
    """A worker without models and streams: it is shown its looks. Everything else is real.

    Leaving ``with`` is the death of the worker: what it has not sent stays on its disk.
    """

    def __init__(self, access: ApiAccess, folder: Path, drain_seconds: float = 5.0) -> None:
        self._settings = WorkerSettings(api=access.url, key=access.keys.worker)
        self._folder = folder
        self._drain_seconds = drain_seconds
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        enter = self._stack.enter_context
        self.client = enter(ApiClient(self._settings))
        self.outbox = enter(Outbox(self._folder, 1 << 30))
        self.memory = enter(MemoryStore(self._folder))
        standing = self.outbox.standing()
        self.watches = CameraWatches(STANDARDS, standing, self.memory)
        self.recorder = EventRecorder(self.outbox, "2026.3", 4.0, standing)
        pace = PublishingPace(3600.0, self._drain_seconds)
        self.publisher = MemoryPublisher(self.client, self.memory, self.outbox, pace)
        self.hand_over = HandOver(
            self.client, self.memory, self.outbox, self.publisher, self._taken_over
        )
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def _taken_over(self, camera_id, standing) -> None:
        self.watches.take_over(camera_id, standing)
        self.recorder.take_over(standing)

    def follow(self, *cameras: Camera) -> list[str]:
        admitted = self.hand_over.admit(cameras, self.watches.is_watched)
        return [camera.camera_id for camera in self.watches.follow(admitted)]

    def show(self, number: int, *seen: Seen) -> list[tuple[ChangeKind, str]]:
        """Look for the ``number``th time; returns what began and ended."""
        picture = noisy(STREET, seed=number)
        frame = Frame("gate", picture, START + number * STEP, number)
        outcome = self.watches.judge(frame, detections(seen))
        look = Look(outcome.camera, frame, detections(seen), MODEL)
        for change in outcome.changes:
            self.recorder.record(look, change)
        self.publisher.note_look("gate")
        return [
            (change.kind, change.sighting.event_id)
            for change in outcome.changes
            if change.kind is not ChangeKind.CONTINUED
        ]

    def leave_memory(self) -> None:
        """Send what is known of the cameras, as a worker does at intervals and on leaving."""
        self.watches.keep()
        with self.publisher:
            pass

    def deliver(self) -> None:
        """Send all that waits."""
        with Delivery(self.outbox, self.client, self._drain_seconds):
            pass
        assert self.outbox.counts().waiting == 0


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DistrictApi]:
    with DistrictApi(tmp_path_factory.mktemp("api"), 0) as api:
        yield api


@pytest.fixture
def access(district: DistrictApi) -> ApiAccess:
    """The API with camera ``gate`` and nothing known of it."""
    access = district.access
    with httpx.Client(base_url=access.url, headers=access.headers, trust_env=False) as client:
        client.delete("/v1/cameras/gate")
    district.put_cameras([GATE])
    return access


GATE = street_camera(Street("gate", dwell_seconds=6.0), "rtsp://camera.invalid/gate")


def events_since(access: ApiAccess, before: set[str]) -> list[StoredEventFeature]:
    return [one for one in stored_events(access) if one.id not in before]


@pytest.fixture
def before(access: ApiAccess) -> set[str]:
    """Events that other tests have left at the API."""
    return {event.id for event in stored_events(access)}


@pytest.mark.parametrize("cut", [1, 3, 4, 6, 9, 12])
def test_a_hand_over_at_any_look_changes_nothing(tmp_path, access, before, cut):
    looks = [[car()]] * 6 + [[]] * 7
    changes = []
    with ShownWorker(access, tmp_path / "first") as first:
        first.follow(GATE)
        for number in range(cut):
            changes += first.show(number, *looks[number])
        first.leave_memory()
        first.deliver()
    with ShownWorker(access, tmp_path / "second") as second:
        assert second.follow(GATE) == ["gate"]
        for number in range(cut, len(looks)):
            changes += second.show(number, *looks[number])
        second.deliver()

    (event,) = events_since(access, before)
    assert changes == [(ChangeKind.OPENED, event.id), (ChangeKind.CLEARED, event.id)]
    said = event.properties
    assert (said.first_seen, said.observed_count) == (START, 6)
    assert said.status is EventStatus.CLEARED
    # The rule asks for five looks without it.
    assert said.cleared_at == START + 10 * STEP


def test_an_event_that_was_never_delivered_is_the_same_event_and_gets_new_pictures(
    tmp_path, access, before
):
    with ShownWorker(access, tmp_path / "first") as first:
        first.follow(GATE)
        changes = [first.show(number, car()) for number in range(LOOKS_TO_OPEN)][-1]
        first.leave_memory()
        first_pictures = {item.sha256 for item in first.outbox.waiting(9)[0].properties.evidence}
        assert not events_since(access, before)
    with ShownWorker(access, tmp_path / "second") as second:
        second.follow(GATE)
        for number in range(LOOKS_TO_OPEN, 8):
            assert second.show(number, car()) == []
        second.deliver()
        assert second.outbox.refused() == []
    (event,) = events_since(access, before)
    assert [(ChangeKind.OPENED, event.id)] == changes
    assert event.properties.evidence
    assert not first_pictures & {item.sha256 for item in event.properties.evidence}

    # What the first one still has to say comes too late.
    with ShownWorker(access, tmp_path / "first") as first:
        first.deliver()
    assert events_since(access, before) == [event]


def test_a_worker_that_comes_back_takes_up_what_happened_meanwhile(tmp_path, access, before):
    with ShownWorker(access, tmp_path / "first") as first:
        first.follow(GATE)
        for number in range(LOOKS_TO_OPEN):
            first.show(number, car())
        first.leave_memory()
        first.deliver()
        first.show(LOOKS_TO_OPEN + 1, car())
    with ShownWorker(access, tmp_path / "second") as second:
        second.follow(GATE)
        for number in range(10, 16):
            second.show(number)
        second.leave_memory()
        second.deliver()
    (event,) = events_since(access, before)
    assert event.properties.status is EventStatus.CLEARED
    with ShownWorker(access, tmp_path / "first") as first:
        assert len(first.outbox.standing()) == 1
        first.follow(GATE)
        assert first.outbox.standing() == []
        assert [first.show(number) for number in range(20, 26)] == [[]] * 6
        first.leave_memory()
        first.deliver()
    assert events_since(access, before) == [event]


def test_of_two_workers_only_the_one_that_took_over_is_believed(tmp_path, access, before):
    with (
        ShownWorker(access, tmp_path / "first") as first,
        ShownWorker(access, tmp_path / "second") as second,
    ):
        first.follow(GATE)
        for number in range(LOOKS_TO_OPEN):
            first.show(number, car())
        first.leave_memory()
        first.deliver()
        second.follow(GATE)
        second.show(LOOKS_TO_OPEN, car())
        second.leave_memory()
        first.show(LOOKS_TO_OPEN, car())
        publishing = MemoryPublisher(
            first.client, first.memory, first.outbox, PublishingPace(3600.0, 5.0)
        )
        with capture_logs() as logs, publishing:
            publishing.hold("gate", None)
            publishing.note_change("gate")
            wait_until(lambda: logs, what="the refusal")
            publishing.note_change("gate")
        assert first.client.camera_memory("gate").holder == second.memory.holder
        for number in range(LOOKS_TO_OPEN + 1, 12):
            first.show(number)
            second.show(number, car())
        second.deliver()
        first.deliver()

    assert [entry["event"] for entry in logs] == ["publishing_refused"]
    assert second.memory.holder in logs[0]["reason"]
    (event,) = events_since(access, before)
    assert event.properties.status is EventStatus.OPEN
    assert event.properties.observed_count == 12


def test_a_question_to_which_no_answer_came_is_settled(tmp_path, access):
    asked = EventConfirmation(
        by=ConfirmedBy.VISION_ENDPOINT, status=ConfirmationStatus.PENDING, question="A car?"
    )
    with ShownWorker(access, tmp_path / "first") as first:
        first.follow(GATE)
        for number in range(LOOKS_TO_OPEN):
            first.show(number, car())
        (waiting,) = first.outbox.waiting(9)
        pending = waiting.properties.model_copy(update={"revision": 2, "confirmation": asked})
        (standing,) = first.outbox.standing()
        first.outbox.put(waiting.model_copy(update={"properties": pending}), standing.sighting, [])
        first.leave_memory()
        first.deliver()
    with ShownWorker(access, tmp_path / "second") as second:
        second.follow(GATE)
        for number in range(LOOKS_TO_OPEN, 8):
            second.show(number, car())
        (revision,) = second.outbox.waiting(9)
    settled = revision.properties.confirmation
    assert settled.status is ConfirmationStatus.UNANSWERED
    assert "handed the camera over" in settled.reason


def test_new_cameras_wait_while_the_api_is_away(tmp_path, access):
    quay = street_camera(Street("quay"), "rtsp://camera.invalid/quay")
    with ShownWorker(access, tmp_path / "first") as worker:
        worker.follow(GATE)
        away = WorkerSettings(api="http://127.0.0.1:1", key="x" * 20)
        with ApiClient(away) as nobody, capture_logs() as logs:
            worker.hand_over = HandOver(
                nobody, worker.memory, worker.outbox, worker.publisher, lambda *_: None
            )
            assert worker.follow(quay, GATE) == ["gate"]
    assert [entry["event"] for entry in logs] == ["memory_not_read"]


def _document_of_a_sighting_without_scores() -> bytes:
    record = StandingRecord.of(StandingEvent("gate", 1, "[]", make_sighting()))
    broken = record.sighting.model_copy(update={"scores": []})
    return MemoryDocument(
        watches={}, standing=(record.model_copy(update={"sighting": broken}),)
    ).packed()


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (b"nothing packed", "no packed document"),
        (
            MemoryDocument.model_construct(schema_version=7, watches={}, standing=()).packed(),
            "schema_version: Input should be less than or equal to 1",
        ),
        (_document_of_a_sighting_without_scores(), "do not describe the same objects"),
    ],
    ids=["damaged", "another layout", "values that do not fit"],
)
def test_what_cannot_be_read_does_not_keep_a_camera_from_being_watched(
    tmp_path, access, left, said
):
    with ShownWorker(access, tmp_path / "first") as worker:
        update = CameraMemoryUpdate.model_construct(
            holder="01JD8Z6Q3V5W7X9Y1A3C5E7G9J", latest_look=START, state=left
        )
        worker.client.keep_memory("gate", update)
        with capture_logs() as logs:
            assert worker.follow(GATE) == ["gate"]
        worker.show(0, car())
        worker.leave_memory()
        assert worker.client.camera_memory("gate").holder == worker.memory.holder
    (warning,) = [entry for entry in logs if entry["log_level"] == "warning"]
    assert warning["event"] == "memory_of_another_not_taken_up"
    assert said in warning["reason"]


def test_a_killed_worker_is_followed_by_one_on_another_machine(
    tmp_path: Path, worker_options: list[str]
):
    options = [*worker_options, "--memory-seconds", "1"]
    with (
        replayed(tmp_path, [Street("gate", dwell_seconds=12.0)]) as cameras,
        DistrictApi(tmp_path / "api", 0) as api,
    ):
        api.put_cameras(cameras)
        with DistrictWorker(api.access, tmp_path / "first", options) as worker:
            wait_until(lambda: watched_seconds(tmp_path / "first") >= 5, timeout=60)
            worker.child.kill()
        killed_at = datetime.now(UTC)
        assert not stored_events(api.access)
        with DistrictWorker(api.access, tmp_path / "second", options):
            wait_until(lambda: stored_events(api.access), timeout=60)
            (event,) = stored_events(api.access)

    assert event.properties.first_seen < killed_at - timedelta(seconds=3)
    assert event.properties.last_seen > killed_at
