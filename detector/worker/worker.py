"""The worker: pulls cameras, finds issues, delivers events."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import cv2
import structlog

from detector.confirmation.confirmation_settings import ConfirmationSettings
from detector.confirmation.confirmations import Confirmations
from detector.confirmation.second_model_opener import SecondModelOpener
from detector.confirmation.verdict import Verdict
from detector.delivery.api_client import (
    ApiClient,
    ApiRefusedError,
    ApiUnavailableError,
    BadKeyError,
)
from detector.delivery.delivery import Delivery
from detector.delivery.outbox import Outbox, OutboxError
from detector.delivery.standing_events import StandingEvent
from detector.delivery.worker_settings import WorkerSettings
from detector.detections import NOTHING_DETECTED
from detector.handover.hand_over import HandOver
from detector.handover.memory_publisher import MemoryPublisher, PublishingPace
from detector.handover.memory_store import MemoryStore
from detector.inference.settings import DetectorSettings
from detector.live_models.class_owners import needed_classes, unseen_issue_types
from detector.live_models.live_models import LiveModels
from detector.live_models.model_opener import ModelOpener
from detector.live_models.model_reports import ModelReports
from detector.live_models.model_set import AnalysedFrame, ModelSet
from detector.sighting import ChangeKind, SightingChange
from detector.watching.camera_watches import CameraWatches, WatchOutcome
from detector.watching.reference_follower import ReferenceFollower
from detector.watching.watch_standards import WatchStandards
from detector.worker.batcher import Batcher
from detector.worker.event_recorder import EventRecorder, Look
from detector.worker.frame_analysis import FrameAnalysis
from detector.worker.preview_publisher import PreviewPicture, PreviewPublisher
from detector.worker.worker_report import WorkerReport
from models.catalogue.issue_catalogue import load_catalogue
from models.catalogue.settings import CatalogueSettings
from models.registry.settings import ModelSettings
from streams.camera import Camera
from streams.camera_health.health_settings import HealthSettings
from streams.kit.errors import CityPatrolError
from streams.kit.stage_costs import Stage, StageCosts
from streams.reading.camera_readers import CameraReaders
from streams.reading.latest_frames import LatestFrames
from streams.reading.reader_status import ReaderState, ReaderStatus
from streams.reading.settings import StreamSettings

log = structlog.get_logger(__name__)

RETRY_OUTBOX_SECONDS = 2.0
# A worker without cameras has nothing else to do than to ask for them.
FIRST_CAMERAS_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class WorkerConfiguration:
    """All settings a worker runs by, and the file that takes its report on leaving."""

    worker: WorkerSettings
    detector: DetectorSettings
    stream: StreamSettings
    model: ModelSettings
    report: Path | None = None
    catalogue: CatalogueSettings = field(default_factory=CatalogueSettings)
    health: HealthSettings = field(default_factory=HealthSettings)
    confirmation: ConfirmationSettings = field(default_factory=ConfirmationSettings)


class Worker:
    """Runs the whole way from pictures to delivered events. Use it in ``with``, then ``run``.

    Threads it owns, through its parts: one per camera (reading), two for analysis, one for
    delivery, one for previews, one for what the next worker needs to know, those of each model,
    and one for each way of confirming. The caller's thread keeps the list of cameras and the
    models.

    Args:
        configuration: All settings.

    Raises:
        CityPatrolError: On entering: there is no model to run, or the outbox cannot be opened.
    """

    def __init__(self, configuration: WorkerConfiguration) -> None:
        self._configuration = configuration
        self._costs = StageCosts()
        self._stopping = threading.Event()
        # Looks are recorded by the thread that judges them, silence by the one that runs,
        # verdicts by those that ask for them.
        self._recording = threading.Lock()
        self._stack = ExitStack()
        self._cameras: list[Camera] = []
        self._waiting = 0
        self._camera_list_fault = ""
        self._unseen: tuple[str, ...] = ()
        self._last_models: list[str] = []
        self._last_statuses: list[ReaderStatus] | None = None

    def __enter__(self) -> "Worker":
        settings = self._configuration.worker
        with ExitStack() as stack:
            self._client = stack.enter_context(ApiClient(settings))
            self._outbox = stack.enter_context(Outbox(settings.data_dir, settings.maximum_bytes))
            stack.callback(self._note_waiting)
            self._build(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopping.set()
        self._last_statuses = self._readers.statuses()
        self._last_models = self._model_names()
        self._stack.close()
        if self._configuration.report is not None:
            self.report().write(self._configuration.report)

    def stop(self) -> None:
        """Ask ``run`` to return; safe from any thread and from a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Follow the API's lists of cameras and live models until ``stop`` is called.

        Raises:
            BadKeyError: The API does not know the key at the start.
            CityPatrolError: A part of the worker died.
        """
        while not self._stopping.is_set():
            # A camera's pictures are worth nothing before there are models to look at them.
            self._live_models.follow()
            self._model_reports.send()
            self._follow_cameras()
            self._note_unseen()
            self._note_silent()
            for part in (self._analysis, self._delivery, self._previews, self._memories):
                if not part.alive:
                    raise CityPatrolError(
                        f"the worker's {type(part).__name__} ended unexpectedly; see the log"
                    )
            self._stopping.wait(self._pause())

    def report(self) -> WorkerReport:
        """Counters so far; may be called from any thread, also after leaving ``with``."""
        statuses = self._readers.statuses()
        dropped = Counter({str(cause): n for cause, n in self._frames.drops().items()})
        analysis, delivery = self._analysis.counts(), self._delivery.counts()
        left = self._last_statuses is not None
        # Once stopped, readers no longer say how their cameras were doing.
        doing = statuses if self._last_statuses is None else self._last_statuses
        faults = [status.last_error for status in doing if status.last_error]
        model_faults = self._live_models.faults
        return WorkerReport(
            cameras=len(self._cameras),
            cameras_streaming=sum(status.state is ReaderState.STREAMING for status in doing),
            visits=sum(status.frames for status in statuses),
            frames_analysed=analysis.frames,
            detections=analysis.detections,
            dropped_frames=dropped,
            events_posted=delivery.posted,
            events_refused=delivery.refused,
            events_waiting=self._waiting if left else self._outbox.counts().waiting,
            errors=analysis.errors + delivery.refused + len(faults) + len(model_faults),
            camera_faults=faults,
            models=self._last_models if left else self._model_names(),
            model_faults=model_faults,
            cpu_seconds=self._costs.seconds(),
            cpu_seconds_total=time.process_time(),
        )

    def _build(self, stack: ExitStack) -> None:
        # Many small pictures side by side: OpenCV's own threads would only get in the way.
        cv2.setNumThreads(1)
        confirmations = self._build_watches(stack)
        self._build_models(stack)
        self._build_senders(stack)
        stack.enter_context(confirmations)
        with self._recording:
            self._recorder.ask_again()
        settings = self._configuration
        batcher = Batcher(self._frames, settings.detector)
        self._analysis = stack.enter_context(FrameAnalysis(batcher, self._models, self._judge))
        self._readers = stack.enter_context(
            CameraReaders(settings.stream, self._frames, self._costs)
        )

    def _build_watches(self, stack: ExitStack) -> Confirmations:
        """What judges looks, and records what comes of them; returns who confirms it."""
        settings = self._configuration
        self._catalogue = load_catalogue(settings.catalogue)
        standing = self._outbox.standing()
        self._memory = stack.enter_context(MemoryStore(settings.worker.data_dir))
        self._watches = CameraWatches(
            WatchStandards(self._catalogue, ZoneInfo(settings.worker.time_zone), settings.health),
            standing,
            self._memory,
        )
        self._references = ReferenceFollower(self._client, self._watches)
        confirmations = Confirmations(
            self._catalogue,
            settings.confirmation,
            SecondModelOpener(settings.model, settings.detector, self._costs),
            self._confirm,
        )
        self._recorder = EventRecorder(
            self._outbox,
            self._catalogue.version,
            settings.worker.refresh_seconds,
            standing,
            confirmations,
        )
        return confirmations

    def _build_models(self, stack: ExitStack) -> None:
        settings = self._configuration
        self._models = stack.enter_context(ModelSet())
        self._live_models = LiveModels(
            self._models,
            ModelOpener(settings.detector, self._costs),
            settings.model,
            self._client,
        )
        self._live_models.follow()
        self._model_reports = ModelReports(
            self._client,
            self._models,
            self._memory.holder,
            settings.worker.camera_refresh_seconds,
        )
        self._frames = LatestFrames()

    def _build_senders(self, stack: ExitStack) -> None:
        """What sends events, previews and what is known of cameras, each in its thread."""
        settings = self._configuration.worker
        self._delivery = stack.enter_context(
            Delivery(self._outbox, self._client, settings.drain_seconds)
        )
        self._previews = stack.enter_context(
            PreviewPublisher(self._client, settings.preview_seconds, self._costs)
        )
        pace = PublishingPace(settings.memory_seconds, settings.drain_seconds)
        self._memories = stack.enter_context(
            MemoryPublisher(self._client, self._memory, self._outbox, pace)
        )
        # After the last look has been judged, and before the publisher sends what is left.
        stack.callback(self._watches.keep)
        self._hand_over = HandOver(
            self._client, self._memory, self._outbox, self._memories, self._take_over
        )

    def _pause(self) -> float:
        usual = self._configuration.worker.camera_refresh_seconds
        return usual if self._cameras else min(usual, FIRST_CAMERAS_SECONDS)

    def _note_waiting(self) -> None:
        self._waiting = self._outbox.counts().waiting

    def _follow_cameras(self) -> None:
        try:
            cameras = self._client.cameras()
        except (ApiUnavailableError, ApiRefusedError) as error:
            if isinstance(error, BadKeyError) and not self._cameras:
                raise
            if str(error) != self._camera_list_fault:
                log.warning("cameras_not_read", reason=str(error), known=len(self._cameras))
            self._camera_list_fault = str(error)
            return
        self._camera_list_fault = ""
        wanted = [camera for camera in cameras if camera.enabled]
        enabled = self._watches.follow(self._hand_over.admit(wanted, self._watches.is_watched))
        if enabled != self._cameras:
            log.info("cameras_followed", cameras=len(enabled))
        for left in {one.camera_id for one in self._cameras} - {one.camera_id for one in enabled}:
            self._memories.note_change(left)
        self._cameras = enabled
        self._references.follow(enabled)
        self._models.follow(
            {camera.camera_id: needed_classes(camera, self._catalogue) for camera in enabled}
        )
        self._readers.follow(enabled)

    def _take_over(self, camera_id: str, standing: Sequence[StandingEvent]) -> None:
        self._watches.take_over(camera_id, standing)
        with self._recording:
            self._recorder.take_over(standing)

    def _note_unseen(self) -> None:
        """Say once which issue types are asked for that no model can see."""
        unseen = unseen_issue_types(self._cameras, self._catalogue, self._models.class_names)
        if unseen and unseen != self._unseen:
            log.warning("issue_types_without_model", codes=unseen, models=self._model_names())
        self._unseen = unseen

    def _note_silent(self) -> None:
        """Tell operators of cameras that have sent nothing for long."""
        now = datetime.now(UTC)
        for status in self._readers.statuses():
            outcome = None
            if status.fault is not None:
                outcome = self._watches.no_look(status.camera_id, now)
            if outcome is not None and self._outbox.has_room():
                look = Look(outcome.camera, None, NOTHING_DETECTED, {})
                for change in outcome.changes:
                    self._record(look, change)
                self._note_memory(outcome)

    def _model_names(self) -> list[str]:
        return [str(model.card.model_version) for model in self._models.models]

    def _judge(self, analysed: AnalysedFrame) -> None:
        if not self._wait_for_room():
            return
        frame, detections = analysed.frame, analysed.detections
        with self._costs.measure(Stage.RULES):
            outcome = self._watches.look(frame, detections)
        if outcome is None:
            return
        look = Look(outcome.camera, frame, detections, analysed.found_by)
        for change in outcome.changes:
            with self._costs.measure(Stage.EVIDENCE):
                self._record(look, change)
        self._note_memory(outcome)
        # One that this look does not show may have left; its old box would mark an empty place.
        shown = [
            sighting
            for sighting in outcome.open_sightings
            if sighting.last_seen >= frame.captured_at
        ]
        self._previews.show(PreviewPicture(outcome.camera, frame, detections, shown))

    def _note_memory(self, outcome: WatchOutcome) -> None:
        camera_id = outcome.camera.camera_id
        if any(change.kind is not ChangeKind.CONTINUED for change in outcome.changes):
            self._memories.note_change(camera_id)
        else:
            self._memories.note_look(camera_id)

    def _confirm(self, event_id: str, verdict: Verdict) -> None:
        with self._recording:
            self._recorder.confirm(event_id, verdict)

    def _wait_for_room(self) -> bool:
        """Hold analysis back while the outbox is full; False when the worker stops meanwhile."""
        if self._outbox.has_room():
            return True
        log.error(
            "outbox_full",
            megabytes=self._configuration.worker.outbox_megabytes,
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
