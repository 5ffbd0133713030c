"""Frame analysis: takes frames in batches, detects, and hands the results on in order."""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Self

import structlog

from detector.backend import Backend
from detector.batcher import Batcher
from detector.detections import Detections
from streams.frame import Frame

log = structlog.get_logger(__name__)

# Batches under way between detecting and judging: enough to keep the backend busy while
# evidence is written, few enough that no frame grows old in the queue.
BATCHES_UNDER_WAY = 3
POLL_SECONDS = 0.25

Judge = Callable[[Frame, Detections], None]


@dataclass(frozen=True, slots=True)
class AnalysisCounts:
    """What was analysed so far.

    Attributes:
        frames: Frames that went through the model.
        detections: Boxes found in them.
        errors: Frames that could not be analysed or judged.
    """

    frames: int
    detections: int
    errors: int


@dataclass(frozen=True, slots=True)
class _Batch:
    frames: Sequence[Frame]
    detections: "Future[list[Detections]]"


class FrameAnalysis:
    """Two threads: one feeds the backend, one judges what comes out, in the order it went in.

    Use it in ``with``; leaving judges the batches that are under way and ends both threads.

    Args:
        batcher: Where frames come from.
        backend: Finds objects in them.
        judge: Called with each frame and its detections, always from the same thread.
    """

    def __init__(self, batcher: Batcher, backend: Backend, judge: Judge) -> None:
        self._batcher = batcher
        self._backend = backend
        self._judge = judge
        self._under_way: queue.Queue[_Batch | None] = queue.Queue(BATCHES_UNDER_WAY)
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
                    found = self._backend.detect([frame.picture for frame in frames])
                    self._under_way.put(_Batch(frames, found))
        finally:
            self._under_way.put(None)

    def _judge_all(self) -> None:
        while (batch := self._under_way.get()) is not None:
            try:
                found = batch.detections.result()
            except Exception:
                self._errors += len(batch.frames)
                cameras = [frame.camera_id for frame in batch.frames]
                log.exception("detection_failed", cameras=cameras)
                continue
            for frame, detections in zip(batch.frames, found, strict=True):
                self._judge_one(frame, detections)

    def _judge_one(self, frame: Frame, detections: Detections) -> None:
        self._frames += 1
        self._detections += len(detections)
        try:
            self._judge(frame, detections)
        except Exception:
            self._errors += 1
            log.exception("frame_not_judged", camera_id=frame.camera_id)
