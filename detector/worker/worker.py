"""The worker: pulls cameras, finds issues, delivers events."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack

import cv2
import structlog

from detector.delivery.api_client import (
    ApiClient,
    ApiRefusedError,
    ApiUnavailableError,
    BadKeyError,
)
from detector.delivery.delivery import Delivery
from detector.delivery.outbox import Outbox
from detector.delivery.publishing_thread import PublishingThread
from detector.live_models.class_owners import needed_classes, unseen_issue_types
from detector.live_models.live_models import LiveModels
from detector.live_models.model_opener import ModelOpener
from detector.live_models.model_reports import ModelReports
from detector.live_models.model_set import ModelSet
from detector.worker.batcher import Batcher
from detector.worker.configuration import WorkerConfiguration
from detector.worker.frame_analysis import FrameAnalysis
from detector.worker.frame_judge import FrameJudge
from detector.worker.worker_report import WorkerReport
from models.catalogue.issue_catalogue import load_catalogue
from streams.camera import Camera
from streams.kit.errors import CityPatrolError
from streams.kit.stage_costs import StageCosts
from streams.reading.camera_readers import CameraReaders
from streams.reading.latest_frames import LatestFrames
from streams.reading.reader_status import ReaderState, ReaderStatus

log = structlog.get_logger(__name__)

# A worker without cameras has nothing else to do than to ask for them.
FIRST_CAMERAS_SECONDS = 2.0


class Worker:
    """Runs the whole way from pictures to delivered events. Use it in ``with``, then ``run``.

    Threads it owns, through its parts: one per camera (reading), two for analysis, one for
    delivery, one for previews, one for what is wrong with cameras, one for looks at repairs, one
    for what the next worker needs to know, those of each model, and one for each way of
    confirming. The caller's thread keeps the list of cameras and the models.

    Args:
        configuration: All settings.

    Raises:
        CityPatrolError: On entering: there is no model to run, or the outbox cannot be opened.
    """

    def __init__(self, configuration: WorkerConfiguration) -> None:
        self._configuration = configuration
        self._costs = StageCosts()
        self._stopping = threading.Event()
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
        self.stop()
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
            self._judge.note_silent(self._readers.statuses())
            parts: Sequence[FrameAnalysis | Delivery | PublishingThread]
            parts = (self._analysis, self._delivery, *self._judge.parts)
            for part in parts:
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
            clock_ahead_seconds=self._client.clock.ahead_seconds,
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
        settings = self._configuration
        self._catalogue = load_catalogue(settings.catalogue)
        self._models = stack.enter_context(ModelSet())
        self._live_models = LiveModels(
            self._models,
            ModelOpener(settings.detector, self._costs),
            settings.model,
            self._client,
        )
        self._live_models.follow()
        self._delivery = stack.enter_context(
            Delivery(self._outbox, self._client, settings.worker.drain_seconds)
        )
        self._judge = stack.enter_context(
            FrameJudge(
                settings,
                self._catalogue,
                self._outbox,
                self._client,
                self._costs,
                self._stopping,
            )
        )
        self._model_reports = ModelReports(
            self._client,
            self._models,
            self._judge.holder,
            settings.worker.camera_refresh_seconds,
        )
        self._frames = LatestFrames()
        batcher = Batcher(self._frames, settings.detector)
        self._analysis = stack.enter_context(
            FrameAnalysis(batcher, self._models, self._judge.judge)
        )
        self._readers = stack.enter_context(
            CameraReaders(settings.stream, self._frames, self._costs, settings.cameras.allowed)
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
        enabled = self._judge.follow(wanted)
        if enabled != self._cameras:
            log.info("cameras_followed", cameras=len(enabled))
        self._cameras = enabled
        self._models.follow(
            {camera.camera_id: needed_classes(camera, self._catalogue) for camera in enabled}
        )
        self._readers.follow(self._judge.hastened(enabled))

    def _note_unseen(self) -> None:
        """Say once which issue types are asked for that no model can see."""
        unseen = unseen_issue_types(self._cameras, self._catalogue, self._models.class_names)
        if unseen and unseen != self._unseen:
            log.warning("issue_types_without_model", codes=unseen, models=self._model_names())
        self._unseen = unseen

    def _model_names(self) -> list[str]:
        return [str(model.card.model_version) for model in self._models.models]
