"""How far this machine's clock runs before the API's."""

import structlog

from streams.kit.http_date import is_worth_saying, seconds_ahead

log = structlog.get_logger(__name__)


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
        theirs = seconds_ahead(date)
        if theirs is None:
            log.debug("api_date_unreadable", date=date[:100])
            return
        ahead = -theirs
        self.ahead_seconds = ahead
        differs = is_worth_saying(ahead)
        if differs != self._differs:
            self._differs = differs
            say = log.warning if differs else log.info
            say(
                "api_clock_differs" if differs else "api_clock_agrees",
                ahead_seconds=round(ahead, 1),
            )
