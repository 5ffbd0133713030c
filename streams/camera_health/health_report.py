"""What is said about a camera's health after a look."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from streams.camera_health.camera_fault import CameraFault


@dataclass(frozen=True, slots=True)
class StandingFault:
    """A fault that shows, suspected or declared.

    Attributes:
        fault: What is wrong.
        since: First look that showed it.
        measured: The value in words with its threshold, as last seen.
    """

    fault: CameraFault
    since: datetime
    measured: str


class ChangeKind(StrEnum):
    """What became of a fault."""

    BEGAN = "began"
    """It was declared."""
    ENDED = "ended"
    """It was lifted."""


@dataclass(frozen=True, slots=True)
class HealthChange:
    """A fault was declared or lifted.

    Attributes:
        kind: Which of the two.
        fault: What was declared or lifted, with its beginning.
        at: Time of the look that decided it.
    """

    kind: ChangeKind
    fault: StandingFault
    at: datetime

    @property
    def seconds(self) -> float:
        """Time from the fault's first look to the look that decided."""
        return (self.at - self.fault.since).total_seconds()


@dataclass(frozen=True, slots=True)
class HealthReport:
    """A camera's health at one moment.

    Attributes:
        at: The moment.
        standing: Declared faults, in the order in which ``CameraFault`` lists them.
        suspected: Faults that show but have not lasted long enough to be declared.
        changes: What this look declared or lifted.
        trusted: Whether rules may judge this look. False from the first suspicion until the
            fault is lifted, so that a lens covered a second ago clears no event.
        preset: Name of the reference view shown; None while it is not known.
    """

    at: datetime
    standing: tuple[StandingFault, ...]
    suspected: tuple[StandingFault, ...]
    changes: tuple[HealthChange, ...]
    trusted: bool
    preset: str | None
