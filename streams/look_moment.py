"""The moments of a camera's looks: which of them count, and how much time each stands for."""

from dataclasses import dataclass
from datetime import datetime

import structlog

log = structlog.get_logger(__name__)

# A look vouches for the time since the look before it, but not for more than this: nobody
# knows what stood there while a camera was dark. Three intervals forgive two lost looks; a
# minute forgives a camera whose keyframes come rarely.
VOUCHED_INTERVALS = 3.0
VOUCHED_SECONDS = 60.0

# A late frame or two are noise; this many in a row, in order among themselves, mean that the
# clock itself was set back.
SET_BACK_AFTER_LOOKS = 5


@dataclass(frozen=True, slots=True)
class LookMoment:
    """When a look was and how much time it vouches for.

    Attributes:
        captured_at: Time of the frame.
        elapsed_seconds: Seconds since the look before it, as far as they count as dwell.
    """

    captured_at: datetime
    elapsed_seconds: float


class LookOrder:
    """Lets only looks pass whose time is later than that of every look before.

    Args:
        camera_id: Whose clock it is, for the log.
        look_interval_seconds: Time that is meant to pass between two looks.
        latest: Time of the latest look of an earlier run, or None.
    """

    def __init__(
        self, camera_id: str, look_interval_seconds: float, latest: datetime | None = None
    ) -> None:
        self._camera_id = camera_id
        self._vouched = max(VOUCHED_INTERVALS * look_interval_seconds, VOUCHED_SECONDS)
        self._latest = latest
        self._latest_behind: datetime | None = None
        self._behind = 0

    @property
    def latest(self) -> datetime | None:
        """Time of the latest look that counted."""
        return self._latest

    def advance(self, captured_at: datetime) -> LookMoment | None:
        """Return the look's moment, or None if the look must be passed over.

        After ``SET_BACK_AFTER_LOOKS`` looks in a row that lie behind, the clock is taken to
        have been set back: that look is still passed over, the next one counts.
        """
        if self._latest is None:
            self._latest = captured_at
            return LookMoment(captured_at, 0.0)
        gap = (captured_at - self._latest).total_seconds()
        if gap <= 0:
            self._fall_behind(captured_at)
            return None
        self._latest, self._latest_behind, self._behind = captured_at, None, 0
        return LookMoment(captured_at, min(gap, self._vouched))

    def _fall_behind(self, captured_at: datetime) -> None:
        in_order = self._latest_behind is None or captured_at > self._latest_behind
        self._behind = self._behind + 1 if in_order else 1
        self._latest_behind = captured_at
        if self._behind >= SET_BACK_AFTER_LOOKS:
            log.warning(
                "clock_set_back",
                camera_id=self._camera_id,
                from_time=str(self._latest),
                to_time=str(captured_at),
            )
            self._latest, self._latest_behind, self._behind = captured_at, None, 0
