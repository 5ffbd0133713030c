"""Why a frame was not analysed: each one dropped is counted with its cause."""

import threading
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum


class DropCause(StrEnum):
    """Why a frame was dropped."""

    SUPERSEDED = "superseded"
    """A newer frame of the same camera came before anyone took this one."""
    STALE = "stale"
    """It had waited too long to say anything about now."""
    CORRUPT = "corrupt"
    """It could not be decoded, or only in part."""
    NOT_DUE = "not_due"
    """It came before the camera's next look was due, so it was not decoded."""
    UNFOLLOWED = "unfollowed"
    """Its camera was removed, disabled or changed meanwhile."""


class DropCounts:
    """Counts dropped frames per camera and cause. Any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, Counter[DropCause]] = {}

    def add(self, camera_id: str, cause: DropCause, frames: int = 1) -> None:
        """Count ``frames`` more frames of a camera."""
        with self._lock:
            self._counts.setdefault(camera_id, Counter())[cause] += frames

    def of(self, camera_id: str) -> Mapping[DropCause, int]:
        """Frames dropped of one camera so far, every cause named."""
        with self._lock:
            counted = self._counts.get(camera_id, Counter())
            return {cause: counted[cause] for cause in DropCause}

    def total(self) -> Mapping[DropCause, int]:
        """Frames dropped of all cameras so far, every cause named."""
        with self._lock:
            every = list(self._counts.values())
            return {cause: sum(counted[cause] for counted in every) for cause in DropCause}
