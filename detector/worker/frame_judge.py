"""The frame judge: the way of an analysed frame, from what was found in it to the outbox."""

import threading
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Self
from zoneinfo import ZoneInfo

import structlog

from detector.confirmation.confirmations import Confirmations
from detector.confirmation.second_model_opener import SecondModelOpener
from detector.confirmation.verdict import Verdict
from detector.delivery.api_client import ApiClient
from detector.delivery.outbox import Outbox, OutboxError
from detector.delivery.publishing_thread import PublishingThread
from detector.delivery.standing_events import StandingEvent
from detector.detections import NOTHING_DETECTED
from detector.handover.hand_over import HandOver
from detector.handover.memory_publisher import MemoryPublisher, PublishingPace
from detector.handover.memory_store import MemoryStore
from detector.live_models.model_set import AnalysedFrame
from detector.sighting import ChangeKind, SightingChange
from detector.watching.camera_watches import CameraWatches, WatchOutcome
from detector.watching.reference_follower import ReferenceFollower
from detector.watching.repair_sight import CameraLook
from detector.watching.watch_standards import WatchStandards
from detector.worker.condition_publisher import ConditionPublisher
from detector.worker.configuration import WorkerConfiguration
from detector.worker.event_recorder import EventRecorder, Look
from detector.worker.preview_publisher import PreviewPicture, PreviewPublisher
from detector.worker.repair_watch import RepairWatch
from models.catalogue.issue_catalogue import IssueCatalogue
from streams.camera import Camera
from streams.kit.stage_costs import Stage, StageCosts
from streams.reading.reader_status import ReaderStatus

log = structlog.get_logger(__name__)

RETRY_OUTBOX_SECONDS = 2.0


class FrameJudge:
    """Judges analysed frames, records what comes of them, and shows them on the camera tiles.

    It owns what is known of the cameras, who confirms events, and what is sent of both beside
    the events themselves. Use it in ``with``. ``judge`` belongs to one thread, ``follow`` and
    ``note_silent`` to another one, verdicts come from those that ask for them; all record under
    one lock.

    Args:
        configuration: The worker's settings.
        catalogue: What the cameras are watched for.
        outbox: Where events go.
        client: The API.
        costs: Where CPU time is booked.
        stopping: Set when the worker stops: then nothing waits for room in the outbox.

    Raises:
        CityPatrolError: The folder of what is known of the cameras cannot be used, or a model
            that confirms events cannot be opened.
    """

    def __init__(
        self,
        configuration: WorkerConfiguration,
        catalogue: IssueCatalogue,
        outbox: Outbox,
        client: ApiClient,
        costs: StageCosts,
        stopping: threading.Event,
    ) -> None:
        settings = configuration.worker
        self._outbox = outbox
        self._megabytes = settings.outbox_megabytes
        self._costs = costs
        self._recording = threading.Lock()
        self._stopping = stopping
        self._stack = ExitStack()
        self._followed: frozenset[str] = frozenset()
        self._memory = MemoryStore(settings.data_dir)
        standing = outbox.standing()
        standards = WatchStandards(catalogue, ZoneInfo(settings.time_zone), configuration.health)
        self._watches = CameraWatches(standards, standing, self._memory)
        self._confirmations = Confirmations(
            catalogue,
            configuration.confirmation,
            SecondModelOpener(configuration.model, configuration.detector, costs),
            self._confirm,
        )
        self._recorder = EventRecorder(
            outbox, catalogue.version, settings.refresh_seconds, standing, self._confirmations
        )
        self._previews = PreviewPublisher(client, settings.preview_seconds, costs)
        self._conditions = ConditionPublisher(client, configuration.health.harmless_faults)
        pace = PublishingPace(settings.memory_seconds, settings.drain_seconds)
        self._memories = MemoryPublisher(client, self._memory, outbox, pace)
        self._hand_over = HandOver(client, self._memory, outbox, self._memories, self._take_over)
        self._references = ReferenceFollower(client, self._watches)
        self._repairs = RepairWatch(client)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self._memory)
            stack.enter_context(self._previews)
            stack.enter_context(self._conditions)
            stack.enter_context(self._repairs)
            stack.enter_context(self._memories)
            # After the last look has been judged, and before the publisher sends what is left.
            stack.callback(self._watches.keep)
            stack.enter_context(self._confirmations)
            with self._recording:
                self._recorder.ask_again()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    @property
    def holder(self) -> str:
        """Under which id the API knows who keeps what is known of the cameras."""
        return self._memory.holder

    @property
    def parts(self) -> Sequence[PublishingThread]:
        """Its parts that have a thread of their own, which must be alive."""
        return (self._previews, self._conditions, self._memories, self._repairs)

    def follow(self, cameras: Iterable[Camera]) -> list[Camera]:
        """Watch exactly these cameras from now on; returns those that can be watched.

        What another worker knew of a camera is taken up before its first look here.
        """
        enabled = self._watches.follow(self._hand_over.admit(cameras, self._watches.is_watched))
        followed = frozenset(camera.camera_id for camera in enabled)
        for left in self._followed - followed:
            self._memories.note_change(left)
            self._conditions.forget(left)
        self._followed = followed
        self._references.follow(enabled)
        self._repairs.follow(enabled)
        return enabled

    def hastened(self, cameras: Sequence[Camera]) -> list[Camera]:
        """Return followed cameras as they are to be read: sooner where a repair is to be seen."""
        return self._repairs.hastened(cameras)

    def judge(self, analysed: AnalysedFrame) -> None:
        """Judge a frame; waits while the outbox is full."""
        if not self._wait_for_room():
            return
        frame, detections = analysed.frame, analysed.detections
        with self._costs.measure(Stage.RULES):
            outcome = self._watches.judge(frame, detections)
        if outcome is None:
            return
        self._conditions.note(outcome.camera.camera_id, outcome.health)
        look = Look(outcome.camera, frame, detections, analysed.found_by, outcome.compared)
        for change in outcome.changes:
            with self._costs.measure(Stage.EVIDENCE):
                self._record(look, change)
        self._note_memory(outcome)
        self._note_repairs(analysed, outcome)
        # One that this look does not show may have left; its old box would mark an empty place.
        shown = [
            sighting
            for sighting in outcome.open_sightings
            if sighting.last_seen >= frame.captured_at
        ]
        self._previews.show(PreviewPicture(outcome.camera, frame, detections, shown))

    def note_silent(self, statuses: Iterable[ReaderStatus]) -> None:
        """Tell operators of cameras that have sent nothing for long."""
        now = datetime.now(UTC)
        for status in statuses:
            outcome = None
            if status.fault is not None:
                outcome = self._watches.no_look(status.camera_id, now)
            if outcome is None:
                continue
            self._conditions.note(status.camera_id, outcome.health)
            self._repairs.note_silent(status.camera_id, outcome.health)
            if self._outbox.has_room():
                look = Look(outcome.camera, None, NOTHING_DETECTED, {})
                for change in outcome.changes:
                    self._record(look, change)
                self._note_memory(outcome)

    def _take_over(self, camera_id: str, standing: Sequence[StandingEvent]) -> None:
        self._watches.take_over(camera_id, standing)
        with self._recording:
            self._recorder.take_over(standing)

    def _confirm(self, event_id: str, verdict: Verdict) -> None:
        with self._recording:
            self._recorder.confirm(event_id, verdict)

    def _note_memory(self, outcome: WatchOutcome) -> None:
        camera_id = outcome.camera.camera_id
        if any(change.kind is not ChangeKind.CONTINUED for change in outcome.changes):
            self._memories.note_change(camera_id)
        else:
            self._memories.note_look(camera_id)

    def _note_repairs(self, analysed: AnalysedFrame, outcome: WatchOutcome) -> None:
        camera = self._repairs.camera(analysed.frame.camera_id)
        if camera is not None:
            with self._costs.measure(Stage.EVIDENCE):
                self._repairs.note(CameraLook(analysed.frame, analysed.detections, outcome, camera))

    def _wait_for_room(self) -> bool:
        """Hold analysis back while the outbox is full; False when the worker stops meanwhile."""
        if self._outbox.has_room():
            return True
        log.error(
            "outbox_full",
            megabytes=self._megabytes,
            consequence="analysis waits until the API has taken events",
        )
        while not self._outbox.wait_for_room(RETRY_OUTBOX_SECONDS):
            if self._stopping.is_set():
                return False
        return True

    def _record(self, look: Look, change: SightingChange) -> None:
        """Record a change, and again while the disk does not take it: nothing may be lost."""
        while True:
            try:
                with self._recording:
                    self._recorder.record(look, change)
            except OutboxError as error:
                log.error("event_not_recorded", reason=str(error))  # noqa: TRY400
                if self._stopping.wait(RETRY_OUTBOX_SECONDS):
                    return
            else:
                return
