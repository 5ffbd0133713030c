"""CPU time of the threads that an inference engine keeps for itself."""

import threading

import psutil


class EngineThreads:
    """Finds the threads that appear while an engine starts, and reads their CPU time.

    Python's own threads are left out, so what they measure by themselves is not counted twice.
    Native threads that another library starts in the same moment would be taken for the
    engine's. One thread uses it at a time.

    Example:
        >>> threads = EngineThreads()
        >>> # ... start the engine and let it infer once ...
        >>> threads.note_started()
        >>> threads.cpu_seconds() >= 0
        True
    """

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._earlier = self._ids()
        self._own: frozenset[int] = frozenset()

    def note_started(self) -> None:
        """Take the native threads that were not there at construction for the engine's."""
        python = {thread.native_id for thread in threading.enumerate()}
        self._own = self._ids() - self._earlier - python

    def cpu_seconds(self) -> float:
        """CPU seconds that the engine's threads have spent so far."""
        return sum(
            thread.user_time + thread.system_time
            for thread in self._process.threads()
            if thread.id in self._own
        )

    def _ids(self) -> frozenset[int]:
        return frozenset(thread.id for thread in self._process.threads())
