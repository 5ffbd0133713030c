"""A task that fails is said and begun again; it ends with whoever owns it."""

import asyncio

import pytest
from structlog.testing import capture_logs

from streams.kit.owned_task import OwnedTask


class Failing(OwnedTask):
    task_name = "failing"
    first_pause_seconds = 0.01

    def __init__(self, failures: int) -> None:
        self._failures = failures
        self.runs = 0
        self.works = asyncio.Event()

    async def _run(self) -> None:
        self.runs += 1
        if self.runs <= self._failures:
            raise LookupError("nothing there")
        self.works.set()
        await asyncio.Event().wait()


@pytest.mark.parametrize("failures", [0, 1, 3])
def test_failed_task_begins_again(failures: int) -> None:
    async def run() -> Failing:
        async with Failing(failures) as task:
            await asyncio.wait_for(task.works.wait(), 10)
        return task

    with capture_logs() as logs:
        task = asyncio.run(run())
    assert task.runs == failures + 1
    said = [(one["event"], one["task"]) for one in logs if one["log_level"] == "error"]
    assert said == [("task_failed", "failing")] * failures


def test_it_ends_while_it_waits_to_begin_again() -> None:
    async def run() -> None:
        task = Failing(1000)
        task.first_pause_seconds = 3600
        async with task:
            await asyncio.sleep(0)

    with capture_logs():
        asyncio.run(asyncio.wait_for(run(), 10))


class CancelledAsFailure(OwnedTask):
    """Like psycopg's ``executemany``, which raises AssertionError where it was cancelled."""

    task_name = "cancelled-as-failure"

    async def _run(self) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise AssertionError


def test_it_ends_where_a_library_turns_the_cancellation_into_a_failure() -> None:
    async def run() -> None:
        async with CancelledAsFailure():
            await asyncio.sleep(0)

    with capture_logs() as logs:
        asyncio.run(asyncio.wait_for(run(), 10))
    assert [one["event"] for one in logs] == ["task_broken_off"]
