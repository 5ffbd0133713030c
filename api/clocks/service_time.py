"""What time it is for cases: the clock on the wall, or a faster one for simulations."""

import time
from datetime import UTC, datetime, timedelta


class ServiceTime:
    """Gives the moment; all that cases and their clocks count comes from here.

    Args:
        speed: Seconds that go by in a second; 1 but for simulations.
        starts_at: What time it is when this is made; None is now.
    """

    def __init__(self, speed: float = 1.0, starts_at: datetime | None = None) -> None:
        self._speed = speed
        self._starts_at = starts_at
        self._made_at = time.monotonic()

    @property
    def is_simulated(self) -> bool:
        """Whether it is another time than on the wall."""
        return self._starts_at is not None

    def now(self) -> datetime:
        """Return the moment, UTC."""
        if self._starts_at is None:
            return datetime.now(UTC)
        gone = (time.monotonic() - self._made_at) * self._speed
        return (self._starts_at + timedelta(seconds=gone)).astimezone(UTC)
