"""What each stage of the work costs in CPU time."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum


class Stage(StrEnum):
    """The stages a frame passes, in order."""

    READ = "read"
    DECODE = "decode"
    PREPARE = "prepare"
    INFER = "infer"
    RULES = "rules"
    EVIDENCE = "evidence"


class StageCosts:
    """CPU seconds spent per stage, summed over all threads.

    Any thread may measure; the counters are guarded by a lock. ``measure`` counts the calling
    thread's own CPU time, so it sees nothing of threads that a library keeps for itself.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seconds = dict.fromkeys(Stage, 0.0)

    @contextmanager
    def measure(self, stage: Stage) -> Iterator[None]:
        """Add the CPU time that this thread spends inside the block to ``stage``."""
        start = time.thread_time()
        try:
            yield
        finally:
            self.add(stage, time.thread_time() - start)

    def add(self, stage: Stage, seconds: float) -> None:
        """Add ``seconds`` of CPU time to ``stage``."""
        with self._lock:
            self._seconds[stage] += seconds

    def seconds(self) -> dict[Stage, float]:
        """A copy of the sums so far, CPU seconds."""
        with self._lock:
            return dict(self._seconds)
