"""How often each of many may do something: a bucket of tokens for each, filled steadily."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Holder = TypeVar("Holder", bound=Hashable)

# What sums of seconds lose: whoever has waited as long as was asked must not be refused for it.
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something may happen.

    Attributes:
        per_second: On average; 0 is as often as anybody likes.
        burst: How often at once, after a rest.
    """

    per_second: float
    burst: int


@dataclass(slots=True)
class _Bucket:
    """Tokens that were missing at a moment of the clock."""

    missing: float
    at: float


class TokenBuckets(Generic[Holder]):
    """A bucket for each holder; one is forgotten as if it were full when others need the room.

    Not for more than one thread: it belongs to the event loop.

    Args:
        rate: Of each bucket.
        most: Buckets that are remembered; the one that was used least recently goes first.
        clock: Seconds, never set back.
    """

    def __init__(self, rate: Rate, most: int, clock: Callable[[], float]) -> None:
        self.rate = rate
        self._most = most
        self._clock = clock
        self._buckets: OrderedDict[Holder, _Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, holder: Holder) -> float:
        """Take a token; return 0, or the seconds until there is one if there is none now."""
        rate = self.rate
        if rate.per_second == 0:
            return 0.0
        now = self._clock()
        bucket = self._buckets.get(holder)
        if bucket is None:
            self._buckets[holder] = _Bucket(1.0, now)
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
            return 0.0
        self._buckets.move_to_end(holder)
        bucket.missing = max(0.0, bucket.missing - (now - bucket.at) * rate.per_second)
        bucket.at = now
        lacking = bucket.missing + 1.0 - rate.burst
        if lacking > _ROUNDING:
            return lacking / rate.per_second
        bucket.missing += 1.0
        return 0.0

    def give_back(self, holder: Holder) -> None:
        """Put a token back that was another holder's to take."""
        bucket = self._buckets.get(holder)
        if bucket is not None:
            bucket.missing = max(0.0, bucket.missing - 1.0)
