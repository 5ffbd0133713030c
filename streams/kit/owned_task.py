"""A task of the event loop that an object owns: it runs while the object is used."""

import asyncio
import contextlib
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

import structlog

from streams.kit.backoff import Backoff

log = structlog.get_logger(__name__)

LONGEST_PAUSE_SECONDS = 60.0


class OwnedTask(ABC):
    """Runs ``_run`` as a task inside ``async with``, and cancels it at the end.

    What ``_run`` did not expect is logged, and it begins again: a task that ended unnoticed would
    leave its work undone for as long as the process lives.
    """

    task_name: str
    """What the task is called where tasks are listed."""
    first_pause_seconds = 1.0
    """How long it waits before it begins again; each time longer."""
    _task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Start."""
        self._task = asyncio.create_task(self._keep_running(), name=self.task_name)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def _is_ending(self) -> bool:
        return self._task is not None and self._task.cancelling() > 0

    async def _keep_running(self) -> None:
        backoff = Backoff(self.first_pause_seconds, LONGEST_PAUSE_SECONDS)
        while True:
            try:
                await self._run()
            except Exception:
                # psycopg makes an AssertionError of a cancellation that meets it as it enters a
                # pipeline (``executemany``): begun again, the task would never end.
                if self._is_ending():
                    log.info("task_broken_off", task=self.task_name, exc_info=True)
                    return
                pause = backoff.next_delay()
                log.exception("task_failed", task=self.task_name, again_in_seconds=round(pause, 1))
                await asyncio.sleep(pause)
            else:
                return

    @abstractmethod
    async def _run(self) -> None:
        """Do the work, until it is cancelled."""
