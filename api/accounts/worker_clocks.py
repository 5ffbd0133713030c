"""How far the clocks of workers run before this node's."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import structlog

from api.http.metrics import Metrics

log = structlog.get_logger(__name__)

# ``Date`` has whole seconds, and a request takes a while; real differences are larger.
WORTH_SAYING_SECONDS = 5.0


class WorkerClocks:
    """Compares the ``Date`` of workers' requests with the clock here, and says what differs."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._said: dict[str, bool] = {}

    def note(self, owner: str, date: str | None) -> None:
        """Take note of the time that a request of a key's owner bears; None if it bears none."""
        if date is None:
            return
        try:
            there = parsedate_to_datetime(date).astimezone(UTC)
        except (ValueError, OverflowError):
            log.debug("worker_date_unreadable", key=owner, date=date[:100])
            return
        ahead = (there - datetime.now(UTC)).total_seconds()
        self._metrics.worker_clock_ahead.labels(owner).set(ahead)
        differs = abs(ahead) > WORTH_SAYING_SECONDS
        if differs != self._said.get(owner, False):
            self._said[owner] = differs
            if differs:
                log.warning("worker_clock_differs", key=owner, ahead_seconds=round(ahead, 1))
            else:
                log.info("worker_clock_agrees", key=owner, ahead_seconds=round(ahead, 1))
