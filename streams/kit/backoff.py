"""How long to wait before trying again."""

import random

_GROWTH = 2.0


class Backoff:
    """Waits that double up to a maximum, each shortened at random.

    The randomness keeps a thousand cameras behind one switch from all knocking at the same moment
    after it restarts.

    Args:
        initial_seconds: The first wait, before it is shortened.
        maximum_seconds: The longest wait.
        chance: Source of randomness.

    Example:
        >>> backoff = Backoff(1.0, 5.0, random.Random(0))
        >>> all(0.5 <= backoff.next_delay() <= 1.0 for _ in range(1))
        True
        >>> [backoff.longest_delay() for _ in range(3) if backoff.next_delay()]
        [4.0, 5.0, 5.0]
    """

    def __init__(
        self, initial_seconds: float, maximum_seconds: float, chance: random.Random | None = None
    ) -> None:
        self._initial = initial_seconds
        self._maximum = maximum_seconds
        self._chance = chance if chance is not None else random.Random()  # noqa: S311 - no secret
        self._longest = initial_seconds

    def longest_delay(self) -> float:
        """The most that the next wait can be, seconds."""
        return self._longest

    def next_delay(self) -> float:
        """The next wait in seconds: between half of the current maximum and all of it."""
        delay = self._longest * self._chance.uniform(0.5, 1.0)
        self._longest = min(self._longest * _GROWTH, self._maximum)
        return delay

    def reset(self) -> None:
        """Start again with the first wait."""
        self._longest = self._initial
