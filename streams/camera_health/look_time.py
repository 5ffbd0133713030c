"""How much time each look at a camera stands for."""

from dataclasses import dataclass
from datetime import datetime

import structlog

log = structlog.get_logger(__name__)

# A look vouches for the time since the one before, but not for more than this: nobody knows
# how the camera was while nobody looked. Three intervals forgive two lost looks; a minute forgives
# rare keyframes. The rules count dwell by the same figures.
VOUCHED_INTERVALS = 3.0
VOUCHED_SECONDS = 60.0

# One late picture is noise; this many in a row, in order among themselves, mean that the
# clock was set back.
SET_BACK_AFTER_LOOKS = 5


@dataclass(frozen=True, slots=True)
class LookTime:
    """When a look was, and how much time it vouches for.

    Attributes:
        at: Time of the picture.
        elapsed_seconds: Seconds since the look before it, as far as they count.
    """

    at: datetime
    elapsed_seconds: float


class LookTimes:
    """Passes looks that are later than every one before, and tells what each stands for.

    Args:
        camera_id: Whose looks they are, for the log.
        look_interval_seconds: Time that is meant to pass between two looks.
    """

    def __init__(self, camera_id: str, look_interval_seconds: float) -> None:
        self._camera_id = camera_id
        self._vouched = max(VOUCHED_INTERVALS * look_interval_seconds, VOUCHED_SECONDS)
        self._latest: datetime | None = None
        self._behind: list[datetime] = []

    @property
    def latest(self) -> datetime | None:
        """Time of the latest look that counted."""
        return self._latest

    def advance(self, at: datetime) -> LookTime | None:
        """Return what a look at ``at`` stands for; None if it lies behind and must be left out.

        Once ``SET_BACK_AFTER_LOOKS`` looks in a row lay behind, the clock was set back: the
        next look counts.
        """
        if self._latest is None:
            self._latest = at
            return LookTime(at, 0.0)
        gap = (at - self._latest).total_seconds()
        if gap <= 0:
            self._fall_behind(at)
            return None
        self._latest, self._behind = at, []
        return LookTime(at, min(gap, self._vouched))

    def _fall_behind(self, at: datetime) -> None:
        in_order = not self._behind or at > self._behind[-1]
        self._behind = [*self._behind, at] if in_order else [at]
        if len(self._behind) >= SET_BACK_AFTER_LOOKS:
            log.warning(
                "clock_set_back",
                camera_id=self._camera_id,
                from_time=str(self._latest),
                to_time=str(at),
            )
            self._latest, self._behind = at, []
