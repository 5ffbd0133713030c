"""Paces: how often a camera is looked at, and scenes whose length follows from that."""

from dataclasses import dataclass

from benchmarks.scenes.span import Span

# A rule may take so many looks longer than its dwell: things are missed now and then.
_LATE_LOOKS = 6
# What must stand is first watched for a moment, to see that it does.
_STANDING_SECONDS = 5.0
# And an event so many looks until it counts as cleared, after the last look that showed it.
_CLEARING_LOOKS = 14

DWELL_LOOKS = 10
"""The dwell of most scenes: long enough for flaws in between, short enough to be cheap."""


@dataclass(frozen=True, slots=True)
class Pace:
    """A look interval and what follows from it.

    What matters for rules that count looks happens in looks; what has a speed of its own, such
    as people and traffic, keeps it.

    Attributes:
        name: Ends the names of its scenes.
        look_interval: Seconds between two looks.
    """

    name: str
    look_interval: float

    def looks(self, count: float) -> float:
        """Seconds that so many looks take."""
        return count * self.look_interval

    def during(self, first: float, last: float) -> Span:
        """From one look to another."""
        return Span(self.looks(first), self.looks(last))

    def opening(self, begins_at: float, dwell_looks: float = DWELL_LOOKS) -> Span:
        """When an event may open of what is there from ``begins_at`` (in seconds) on."""
        due = begins_at + self.looks(dwell_looks)
        return Span(due - self.looks(1.5), due + self.looks(_LATE_LOOKS) + _STANDING_SECONDS)

    def clearing(self, gone_at: float) -> Span:
        """When an event may clear whose cause is gone at ``gone_at`` (in seconds)."""
        return Span(gone_at - self.looks(0.5), gone_at + self.looks(_CLEARING_LOOKS))


EVERY_SECOND = Pace("1s", 1.0)
EVERY_HALF_MINUTE = Pace("30s", 30.0)
EVERY_FIVE_MINUTES = Pace("5min", 300.0)
PACES = (EVERY_SECOND, EVERY_HALF_MINUTE, EVERY_FIVE_MINUTES)
