"""The newest frame of each camera, waiting to be analysed."""

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping

from streams.frame import Frame
from streams.reading.drop_cause import DropCause, DropCounts


class LatestFrames:
    """One slot per camera: a newer frame takes the place of one that nobody took.

    So memory is bounded by the number of cameras, a slow consumer always sees the present, and
    a busy camera cannot crowd out another. A camera keeps its place in the queue when its frame
    is replaced: the camera that has waited longest is served first.

    Any thread may call any method; each costs the same however many cameras there are.

    Attributes:
        drop_counts: Where each dropped frame is counted, here and by readers and consumers.

    Example:
        >>> import numpy as np
        >>> from datetime import UTC, datetime
        >>> frames = LatestFrames()
        >>> picture = np.zeros((4, 6, 3), np.uint8)
        >>> for sequence in range(3):
        ...     frames.put(Frame("gate", picture, datetime.now(UTC), sequence))
        >>> [frame.sequence for frame in frames.take(maximum=8, timeout_seconds=0)]
        [2]
        >>> frames.drop_counts.of("gate")[DropCause.SUPERSEDED]
        2
    """

    def __init__(self) -> None:
        self.drop_counts = DropCounts()
        self._waiting: OrderedDict[str, Frame] = OrderedDict()
        self._changed = threading.Condition()
        self._closed = False

    def __len__(self) -> int:
        """Cameras that have a frame waiting."""
        with self._changed:
            return len(self._waiting)

    def put(self, frame: Frame) -> None:
        """Leave a frame, in place of an older one of the same camera. Never blocks."""
        with self._changed:
            if self._closed:
                replaced, cause = True, DropCause.UNFOLLOWED
            else:
                replaced, cause = frame.camera_id in self._waiting, DropCause.SUPERSEDED
                self._waiting[frame.camera_id] = frame
                self._changed.notify()
        if replaced:
            self.drop_counts.add(frame.camera_id, cause)

    def take(self, maximum: int, timeout_seconds: float) -> list[Frame]:
        """Take up to ``maximum`` frames of different cameras, longest-waiting camera first.

        Blocks until there is at least one, ``timeout_seconds`` have passed or ``close`` is
        called; an empty list means one of the latter two.
        """
        deadline = time.monotonic() + timeout_seconds
        with self._changed:
            while not self._waiting and not self._closed:
                left = deadline - time.monotonic()
                if left <= 0:
                    return []
                self._changed.wait(left)
            count = min(maximum, len(self._waiting))
            return [self._waiting.popitem(last=False)[1] for _ in range(count)]

    def drops(self) -> Mapping[DropCause, int]:
        """Frames of all cameras dropped so far, every cause named."""
        return self.drop_counts.total()

    def forget(self, camera_id: str) -> None:
        """Drop what is waiting of a camera that is no longer followed."""
        with self._changed:
            forgotten = self._waiting.pop(camera_id, None)
        if forgotten is not None:
            self.drop_counts.add(camera_id, DropCause.UNFOLLOWED)

    def close(self) -> None:
        """Wake every ``take`` and accept no more frames; what waits can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
