"""Frame analysis: takes frames in batches, detects, and hands the results on in order."""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import structlog

from detector.live_models.model_set import AnalysedFrame, FramesUnderWay
from detector.worker.batcher import Batcher
from streams.frame import Frame

log = structlog.get_logger(__name__)

# Batches under way between detecting and judging: enough to keep the backend busy while
# evidence is written, few enough that no frame grows old in the queue.
BATCHES_UNDER_WAY = 3
POLL_SECONDS = 0.25

Judge = Callable[[AnalysedFrame], None]


class FrameDetector(Protocol):
    """Finds objects in the frames of any cameras, such as a ``ModelSet``."""

    def detect(self, frames: Sequence[Frame]) -> FramesUnderWay:
        """Begin with a batch; waits until there is room for it."""
        ...


@dataclass(frozen=True, slots=True)
class AnalysisCounts:
    """What was analysed so far.

    Attributes:
        frames: Frames that went through the models that their cameras need.
        detections: Boxes found in them.
        errors: Frames that could not be analysed or judged.
    """

    frames: int
    detections: int
    errors: int


class FrameAnalysis:
    """Two threads: one feeds the models, one judges what comes out, in the order it went in.

    Use it in ``with``; leaving judges the batches that are under way and ends both threads.

    Args:
        batcher: Where frames come from.
        detector: Finds objects in them.
        judge: Called with each frame and what was found in it, always from the same thread.
    """

    def __init__(self, batcher: Batcher, detector: FrameDetector, judge: Judge) -> None:
        self._batcher = batcher
        self._detector = detector
        self._judge = judge
        self._under_way: queue.Queue[FramesUnderWay | None] = queue.Queue(BATCHES_UNDER_WAY)
        self._stopping = threading.Event()
        self._feeder = threading.Thread(target=self._feed, name="detect", daemon=True)
        self._judging = threading.Thread(target=self._judge_all, name="rules", daemon=True)
        self._frames = 0
        self._detections = 0
        self._errors = 0

    def __enter__(self) -> Self:
        self._feeder.start()
        self._judging.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopping.set()
        self._feeder.join()
        self._judging.join()

    @property
    def alive(self) -> bool:
        """Whether both threads are at work."""
        return self._feeder.is_alive() and self._judging.is_alive()

    def counts(self) -> AnalysisCounts:
        """Counters since the start; may be read from any thread."""
        return AnalysisCounts(self._frames, self._detections, self._errors)

    def _feed(self) -> None:
        try:
            while not self._stopping.is_set():
                frames = self._batcher.next_batch(POLL_SECONDS)
                if frames:
                    self._under_way.put(self._detector.detect(frames))
        finally:
            self._under_way.put(None)

    def _judge_all(self) -> None:
        while (batch := self._under_way.get()) is not None:
            try:
                analysed = batch.result()
            except Exception:
                self._errors += len(batch.frames)
                cameras = [frame.camera_id for frame in batch.frames]
                log.exception("detection_failed", cameras=cameras)
                continue
            for one in analysed:
                self._judge_one(one)

    def _judge_one(self, analysed: AnalysedFrame) -> None:
        self._frames += 1
        self._detections += len(analysed.detections)
        try:
            self._judge(analysed)
        except Exception:
            self._errors += 1
            log.exception("frame_not_judged", camera_id=analysed.frame.camera_id)
