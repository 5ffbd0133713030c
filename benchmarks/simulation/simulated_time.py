"""The time of a simulated day, on this side of the API."""

import asyncio
import time
from datetime import datetime, timedelta


class SimulatedTime:
    """Runs as fast as the API's, from the same moment.

    Args:
        starts_at: What time it is now.
        speed: Seconds that go by in a second.
    """

    def __init__(self, starts_at: datetime, speed: float) -> None:
        self._starts_at = starts_at
        self._speed = speed
        self._made_at = time.monotonic()

    def now(self) -> datetime:
        """Return the moment."""
        gone = (time.monotonic() - self._made_at) * self._speed
        return self._starts_at + timedelta(seconds=gone)

    def real_seconds(self) -> float:
        """Return how long it runs, in seconds on the wall."""
        return time.monotonic() - self._made_at

    async def wait_minutes(self, minutes: float) -> None:
        """Let so many minutes go by."""
        await asyncio.sleep(minutes * 60 / self._speed)

    async def wait_until(self, moment: datetime) -> None:
        """Wait for a moment; not at all if it is over."""
        await self.wait_minutes(max(0.0, (moment - self.now()).total_seconds() / 60))
