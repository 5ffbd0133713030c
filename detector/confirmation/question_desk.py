"""The question desk: puts questions to one answerer, beside the analysis and bounded."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, Self

import structlog

from api.contract.confirmations import LONGEST_REASON
from detector.confirmation.question_budget import QuestionBudget
from detector.confirmation.verdict import Verdict, storable
from detector.delivery.open_question import OpenQuestion
from detector.delivery.outbox import OutboxError
from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)

RETRY_OUTBOX_SECONDS = 2.0

Answered = Callable[[str, Verdict], None]
"""Takes an event's id and the verdict on it; may raise ``OutboxError`` and is called again."""


class Answerer(Protocol):
    """Answers questions about pictures. Used in ``async with``, by one thread."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *exception: object) -> None: ...

    async def answer(self, question: OpenQuestion) -> Verdict:
        """Answer, within a bounded time.

        Raises:
            CityPatrolError: There is no answer; the text becomes the reason.
        """
        ...


@dataclass(frozen=True, slots=True)
class DeskLimits:
    """How much a desk takes on.

    Attributes:
        concurrent: Questions that are put at the same time.
        queue: Questions that wait besides.
        budget: Questions in any hour; None where they cost nothing.
    """

    concurrent: int
    queue: int
    budget: QuestionBudget | None = None


class QuestionDesk:
    """One thread in which questions wait for their turn with an answerer.

    Nothing that is called from outside waits for an answer. A question that has none when the
    desk is left has been kept by the outbox, and is asked again by the next run. Use it in
    ``with``.

    Args:
        name: Whom it asks, as reasons say it.
        answerer: Who answers.
        limits: How much it takes on.
        answered: Takes each verdict, in the desk's thread.
    """

    def __init__(
        self, name: str, answerer: Answerer, limits: DeskLimits, answered: Answered
    ) -> None:
        self._name = name
        self._answerer = answerer
        self._limits = limits
        self._answered = answered
        self._lock = threading.Lock()
        self._waiting = 0
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name=f"confirm {name}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(self, *exception: object) -> None:
        self._call(self._stop.set)
        self._thread.join()

    def refusal(self) -> str | None:
        """Why no question is taken at the moment; None if one is."""
        budget = self._limits.budget
        with self._lock:
            if not self._thread.is_alive():
                return f"the {self._name} is no longer asked: its thread ended; see the log"
            if self._waiting >= self._limits.queue:
                return f"{self._waiting} questions wait for the {self._name} already"
            if budget is not None and budget.is_used_up:
                return (
                    f"the budget of {budget.questions_per_hour} questions an hour to the "
                    f"{self._name} is used up"
                )
        return None

    def ask(self, question: OpenQuestion) -> None:
        """Let a question wait for its turn. Never waits itself; ask only without ``refusal``."""
        with self._lock:
            self._waiting += 1
            if self._limits.budget is not None:
                self._limits.budget.take()
        self._call(lambda: self._questions.put_nowait(question))

    def _call(self, what: Callable[[], None]) -> None:
        # A loop that has ended takes nothing: the outbox has the question for the next run.
        with contextlib.suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(what)

    def _run(self) -> None:
        try:
            asyncio.run(self._work())
        except Exception:
            log.exception("confirmation_desk_ended", desk=self._name)
        finally:
            self._started.set()

    async def _work(self) -> None:
        self._questions: asyncio.Queue[OpenQuestion] = asyncio.Queue()
        self._stop = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        async with self._answerer, asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._serve()) for _ in range(self._limits.concurrent)]
            self._started.set()
            await self._stop.wait()
            for task in tasks:
                task.cancel()

    async def _serve(self) -> None:
        while True:
            question = await self._questions.get()
            with self._lock:
                self._waiting -= 1
            verdict = await self._verdict(question)
            await self._deliver(question.record.event_id, verdict)

    async def _verdict(self, question: OpenQuestion) -> Verdict:
        try:
            return await self._answerer.answer(question)
        except CityPatrolError as error:
            return Verdict.unanswered(str(error))
        except Exception as error:
            log.exception("question_failed", desk=self._name, event_id=question.record.event_id)
            return Verdict.unanswered(f"{type(error).__name__} in the worker; see its log")

    async def _deliver(self, event_id: str, verdict: Verdict) -> None:
        while True:
            try:
                self._answered(event_id, verdict)
            except OutboxError as error:
                log.error("verdict_not_recorded", reason=str(error))  # noqa: TRY400
                await asyncio.sleep(RETRY_OUTBOX_SECONDS)
            except Exception:
                # It stays pending until the next run asks again; the others are answered.
                log.exception("verdict_lost", event_id=event_id)
                return
            else:
                log.info(
                    "event_judged",
                    event_id=event_id,
                    desk=self._name,
                    status=verdict.status,
                    reason=storable(verdict.reason, LONGEST_REASON),
                )
                return
