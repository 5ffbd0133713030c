"""The question budget: how many questions may be put in any hour."""

import time
from collections import deque
from collections.abc import Callable

HOUR_SECONDS = 3600.0


class QuestionBudget:
    """Counts the questions of the last hour. One thread at a time uses it.

    A restart of the worker begins a new count.

    Args:
        questions_per_hour: Most questions in any hour.
        clock: Monotonic seconds.

    Example:
        >>> budget = QuestionBudget(1)
        >>> budget.take()
        >>> budget.is_used_up
        True
    """

    def __init__(
        self, questions_per_hour: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.questions_per_hour = questions_per_hour
        self._clock = clock
        self._taken: deque[float] = deque(maxlen=questions_per_hour)

    @property
    def is_used_up(self) -> bool:
        """Whether no further question may be put now."""
        while self._taken and self._clock() - self._taken[0] >= HOUR_SECONDS:
            self._taken.popleft()
        return len(self._taken) == self.questions_per_hour

    def take(self) -> None:
        """Count a question."""
        self._taken.append(self._clock())
