"""Deletes what is due every few minutes, for as long as a node runs."""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.http.metrics import Metrics
from api.retention.retention_pass import PassResult, RetentionPass
from streams.kit.owned_task import OwnedTask

log = structlog.get_logger(__name__)

# It reads the whole folder, and nothing but a crash or a restored backup leaves strays there.
STRAYS_EVERY = timedelta(days=1)


class RetentionJob(OwnedTask):
    """One task, which this object owns: use it in ``async with``.

    Args:
        retention: What is done each time.
        pause_minutes: How long it waits between two times.
        metrics: Where it is counted.
    """

    task_name = "retention"

    def __init__(self, retention: RetentionPass, pause_minutes: float, metrics: Metrics) -> None:
        self._retention = retention
        self._pause_seconds = pause_minutes * 60
        self._metrics = metrics
        self._strays_at: datetime | None = None

    async def _run(self) -> None:
        while True:
            try:
                await self._once(datetime.now(UTC))
            except (SQLAlchemyError, OSError) as error:
                log.warning("retention_paused", error=str(error).splitlines()[:1])
            await asyncio.sleep(self._pause_seconds)

    async def _once(self, now: datetime) -> None:
        taken_in = 0
        if self._strays_at is None or self._strays_at <= now:
            taken_in = await self._retention.take_in_strays(now)
            self._strays_at = now + STRAYS_EVERY
        result = await self._retention.run(now)
        result.taken_in = taken_in
        self._count(result)

    def _count(self, result: PassResult) -> None:
        for retention_class, count in result.deleted.items():
            self._metrics.deleted_pictures.labels(retention_class.value).inc(count)
        self._metrics.overdue_pictures.set(result.overdue)
        deleted = {one.value: count for one, count in sorted(result.deleted.items()) if count}
        if deleted or result.overdue or result.taken_in:
            log.info(
                "retention_done",
                deleted=deleted,
                taken_in=result.taken_in,
                overdue=result.overdue,
            )
