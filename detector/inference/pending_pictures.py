"""Pictures under inference: gathers their results into one future."""

import threading
from concurrent.futures import Future

from detector.detections import Detections


class PendingPictures:
    """Collects the results of pictures that are inferred one by one, in any order.

    Any thread may report. Once a picture failed, the results of the others are not kept.

    Attributes:
        future: The detections of all pictures in their order, or the error that came first.
    """

    def __init__(self, count: int) -> None:
        self.future: Future[list[Detections]] = Future()
        # Inference cannot be called back, so nobody may cancel the future either.
        self.future.set_running_or_notify_cancel()
        self._lock = threading.Lock()
        self._found: dict[int, Detections] = {}
        self._count = count
        self._failed = False
        if count == 0:
            self.future.set_result([])

    def found(self, index: int, detections: Detections) -> None:
        """Note the result of the picture at ``index``."""
        with self._lock:
            self._found[index] = detections
            complete = len(self._found) == self._count
        if complete:
            self.future.set_result([self._found[place] for place in range(self._count)])

    def failed(self, error: BaseException) -> None:
        """Note that a picture failed."""
        with self._lock:
            first, self._failed = not self._failed, True
        if first:
            self.future.set_exception(error)
