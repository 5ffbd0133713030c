"""Presence: for how long, and in how many looks, something has been there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from streams.look_moment import LookMoment

# What is there in fewer of its looks than this is not one lasting thing but several passing
# ones, or noise. A parked car behind passing traffic is seen in more than six looks of ten.
PRESENT_SHARE = 0.6

# Something seen once may be missed once and still be the same; the more often it was seen, the
# longer it is waited for.
YOUNGEST_PATIENCE = 2


@dataclass(slots=True)
class Presence:
    """The looks at something, from the first that showed it.

    Attributes:
        first_seen: First look that showed it.
        last_seen: Latest look that showed it.
        dwell_seconds: Time vouched for by looks, from the first to the latest that showed it.
        looks_seen: Looks that showed it.
        looks: All looks since the first that showed it.
        missed: Looks in a row, up to now, that did not show it.
    """

    first_seen: datetime
    last_seen: datetime
    dwell_seconds: float = 0.0
    looks_seen: int = 1
    looks: int = 1
    missed: int = 0
    missed_seconds: float = 0.0

    @classmethod
    def begun(cls, moment: LookMoment) -> Self:
        """The presence of something seen for the first time."""
        return cls(moment.captured_at, moment.captured_at)

    def see(self, moment: LookMoment) -> None:
        """Count a look that showed it; a short absence before it counts as dwell too."""
        self.dwell_seconds += self.missed_seconds + moment.elapsed_seconds
        self.last_seen = max(self.last_seen, moment.captured_at)
        self.looks_seen += 1
        self.looks += 1
        self.missed = 0
        self.missed_seconds = 0.0

    def miss(self, moment: LookMoment) -> None:
        """Count a look that did not show it."""
        self.missed_seconds += moment.elapsed_seconds
        self.looks += 1
        self.missed += 1

    @property
    def unwatched_seconds(self) -> float:
        """Of the time from the first to the latest look that showed it, what none vouches for."""
        lasted = (self.last_seen - self.first_seen).total_seconds()
        return max(lasted - self.dwell_seconds, 0.0)

    def has_lasted(self, seconds: float, looks: int) -> bool:
        """Whether it is seen now and was for this time and in this many looks."""
        return self.missed == 0 and self.dwell_seconds >= seconds and self.looks_seen >= looks

    def is_broken(self, longest_patience: int) -> bool:
        """Whether what comes next can no longer be counted as the same presence.

        It is after ``longest_patience`` looks in a row without it, earlier if it was seen in few
        looks, and as soon as it was seen in fewer than ``PRESENT_SHARE`` of its looks.
        """
        patience = min(max(self.looks_seen, YOUNGEST_PATIENCE), longest_patience)
        return self.missed >= patience or (
            self.missed > 0
            and self.looks > YOUNGEST_PATIENCE
            and self.looks_seen < PRESENT_SHARE * self.looks
        )
