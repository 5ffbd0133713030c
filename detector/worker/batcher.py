"""Batches of fresh frames, across cameras."""

import time
from datetime import UTC, datetime, timedelta

from detector.inference.settings import DetectorSettings
from streams.frame import Frame
from streams.reading.drop_cause import DropCause
from streams.reading.latest_frames import LatestFrames


class Batcher:
    """Takes waiting frames in batches and drops those that waited too long.

    One thread calls ``next_batch``.

    Args:
        frames: Where frames wait; each frame dropped is counted there.
        settings: Size of a batch, how long to wait for a fuller one, and the staleness limit.

    Example:
        >>> import numpy as np
        >>> frames = LatestFrames()
        >>> picture = np.zeros((4, 6, 3), np.uint8)
        >>> hour_ago = datetime.now(UTC) - timedelta(hours=1)
        >>> frames.put(Frame("gate", picture, hour_ago, 0))
        >>> frames.put(Frame("quay", picture, datetime.now(UTC), 0))
        >>> batcher = Batcher(frames, DetectorSettings(staleness_seconds=5))
        >>> [frame.camera_id for frame in batcher.next_batch(timeout_seconds=1)]
        ['quay']
        >>> frames.drop_counts.of("gate")[DropCause.STALE]
        1
    """

    def __init__(self, frames: LatestFrames, settings: DetectorSettings) -> None:
        self._frames = frames
        self._maximum = settings.maximum_batch
        self._window_seconds = settings.batch_window_seconds
        self._staleness = timedelta(seconds=settings.staleness_seconds)

    def next_batch(self, timeout_seconds: float) -> list[Frame]:
        """Fresh frames of different cameras, longest-waiting camera first.

        Returns:
            At least one and at most ``maximum_batch`` frames; or none, when none came within
            ``timeout_seconds`` or the waiting frames were closed.
        """
        deadline = time.monotonic() + timeout_seconds
        batch: dict[str, Frame] = {}
        while not batch:
            taken = self._frames.take(self._maximum, max(deadline - time.monotonic(), 0.0))
            if not taken:
                return []
            self._add_fresh(batch, taken)
        self._fill(batch)
        return list(batch.values())

    def _fill(self, batch: dict[str, Frame]) -> None:
        deadline = time.monotonic() + self._window_seconds
        while len(batch) < self._maximum:
            left = deadline - time.monotonic()
            if left <= 0:
                return
            taken = self._frames.take(self._maximum - len(batch), left)
            if not taken:
                return
            self._add_fresh(batch, taken)

    def _add_fresh(self, batch: dict[str, Frame], taken: list[Frame]) -> None:
        oldest = datetime.now(UTC) - self._staleness
        for frame in taken:
            if frame.captured_at < oldest:
                self._frames.drop_counts.add(frame.camera_id, DropCause.STALE)
                continue
            if frame.camera_id in batch:
                self._frames.drop_counts.add(frame.camera_id, DropCause.SUPERSEDED)
            batch[frame.camera_id] = frame
