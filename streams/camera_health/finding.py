"""What one look says about one fault."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto


class Verdict(Enum):
    """Whether a look shows a fault."""

    SOUND = auto()
    """The look shows that the fault is not there."""
    FAULTY = auto()
    """The look shows the fault."""
    UNKNOWN = auto()
    """The look cannot tell: a dark picture says nothing about focus."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A look's verdict on one fault.

    Attributes:
        verdict: Whether the fault shows.
        measured: The value in words with its threshold, for the operator.
        since: Time since which the fault is known to last, where that is before the look.
        seconds: How much of the time since then looks vouch for.
    """

    verdict: Verdict
    measured: str = ""
    since: datetime | None = None
    seconds: float = 0.0

    @classmethod
    def of(cls, measured: str, *, faulty: bool) -> "Finding":
        """A finding that is certain either way."""
        return cls(Verdict.FAULTY if faulty else Verdict.SOUND, measured)


UNKNOWN = Finding(Verdict.UNKNOWN)
"""The finding of a look that cannot tell."""
