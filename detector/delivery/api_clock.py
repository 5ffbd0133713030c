"""How far this machine's clock runs before the API's."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import structlog

log = structlog.get_logger(__name__)

# ``Date`` has whole seconds, and an answer takes a while; real differences are larger.
WORTH_SAYING_SECONDS = 5.0


class ApiClock:
    """Compares the ``Date`` of the API's answers with the clock here, and says what differs.

    Attributes:
        ahead_seconds: How far the clock here is ahead by the last answer; None before the first.
    """

    def __init__(self) -> None:
        self.ahead_seconds: float | None = None
        self._differs = False

    def note(self, date: str | None) -> None:
        """Take note of the time that an answer bears; None if it bears none."""
        if date is None:
            return
        try:
            there = parsedate_to_datetime(date).astimezone(UTC)
        except (ValueError, OverflowError):
            log.debug("api_date_unreadable", date=date[:100])
            return
        ahead = (datetime.now(UTC) - there).total_seconds()
        self.ahead_seconds = ahead
        differs = abs(ahead) > WORTH_SAYING_SECONDS
        if differs != self._differs:
            self._differs = differs
            say = log.warning if differs else log.info
            say(
                "api_clock_differs" if differs else "api_clock_agrees",
                ahead_seconds=round(ahead, 1),
            )
