"""Follows one fault of one camera from the first suspicion to its end."""

from dataclasses import dataclass
from datetime import datetime

from streams.camera_health.finding import Finding, Verdict
from streams.look_moment import LookMoment

# What shows in fewer of the looks than this is a flicker and no lasting fault.
_FAULTY_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a fault must show to be declared, and be away to be lifted.

    Attributes:
        begin_seconds: Time for which looks must vouch that the fault shows.
        begin_looks: Looks that must show it.
        end_seconds: Time for which looks must vouch that it does not.
        end_looks: Looks in a row that must not show it.
    """

    begin_seconds: float
    begin_looks: int
    end_seconds: float
    end_looks: int


@dataclass(slots=True)
class _Count:
    """Looks that agree, and the time that they vouch for."""

    since: datetime
    seconds: float = 0.0
    looks: int = 1

    def add(self, seconds: float) -> None:
        self.seconds += seconds
        self.looks += 1


class FaultWatch:
    """Declares and lifts one fault, in time and in looks.

    Looks that cannot tell neither lift a standing fault nor bring one nearer; a suspicion that
    they do not renew is dropped like one that is refuted.

    Args:
        patience: What it takes to declare and to lift the fault.
        standing_since: When the fault began, if it stands already, as after a restart.
        measured: What was measured then.
    """

    def __init__(
        self, patience: Patience, standing_since: datetime | None = None, measured: str = ""
    ) -> None:
        self._patience = patience
        self._suspicion: _Count | None = None
        self._relief: _Count | None = None
        self.standing_since = standing_since
        self.measured = measured

    @property
    def suspected_since(self) -> datetime | None:
        """First look that showed the fault, while it is not declared yet."""
        return None if self._suspicion is None else self._suspicion.since

    def note(self, finding: Finding, look: LookMoment) -> bool:
        """Count a look; whether the fault was declared or lifted by it."""
        if finding.verdict is Verdict.FAULTY:
            self.measured = finding.measured
        if self.standing_since is None:
            return self._towards_declaring(finding, look)
        return self._towards_lifting(finding, look)

    def _towards_declaring(self, finding: Finding, look: LookMoment) -> bool:
        seen = self._suspicion
        if finding.verdict is not Verdict.FAULTY:
            if seen is not None:
                self._miss(seen, look)
            return False
        if seen is None:
            seen = self._suspicion = _Count(finding.since or look.captured_at, finding.seconds)
        else:
            seen.add(look.elapsed_seconds + (self._relief.seconds if self._relief else 0.0))
        self._relief = None
        if seen.seconds < self._patience.begin_seconds or seen.looks < self._patience.begin_looks:
            return False
        self.standing_since, self._suspicion = seen.since, None
        return True

    def _miss(self, seen: _Count, look: LookMoment) -> None:
        missed = self._relief
        if missed is None:
            missed = self._relief = _Count(look.captured_at, look.elapsed_seconds)
        else:
            missed.add(look.elapsed_seconds)
        patience = self._patience
        in_looks = missed.looks >= min(seen.looks, patience.end_looks)
        in_time = missed.seconds >= min(seen.seconds, patience.end_seconds)
        if (in_looks and in_time) or seen.looks < _FAULTY_SHARE * (seen.looks + missed.looks):
            self._suspicion = self._relief = None

    def _towards_lifting(self, finding: Finding, look: LookMoment) -> bool:
        if finding.verdict is Verdict.FAULTY:
            self._relief = None
        if finding.verdict is not Verdict.SOUND:
            return False
        if self._relief is None:
            self._relief = _Count(look.captured_at)
        else:
            self._relief.add(look.elapsed_seconds)
        relief, patience = self._relief, self._patience
        if relief.seconds < patience.end_seconds or relief.looks < patience.end_looks:
            return False
        self.standing_since = self._relief = None
        return True
