"""How far the clocks of workers run before this node's."""

import structlog

from api.http.metrics import Metrics
from streams.kit.http_date import is_worth_saying, seconds_ahead

log = structlog.get_logger(__name__)


class WorkerClocks:
    """Compares the ``Date`` of workers' requests with the clock here, and says what differs."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._said: dict[str, bool] = {}

    def note(self, owner: str, date: str | None) -> None:
        """Take note of the time that a request of a key's owner bears; None if it bears none."""
        if date is None:
            return
        ahead = seconds_ahead(date)
        if ahead is None:
            log.debug("worker_date_unreadable", key=owner, date=date[:100])
            return
        self._metrics.worker_clock_ahead.labels(owner).set(ahead)
        differs = is_worth_saying(ahead)
        if differs != self._said.get(owner, False):
            self._said[owner] = differs
            if differs:
                log.warning("worker_clock_differs", key=owner, ahead_seconds=round(ahead, 1))
            else:
                log.info("worker_clock_agrees", key=owner, ahead_seconds=round(ahead, 1))
