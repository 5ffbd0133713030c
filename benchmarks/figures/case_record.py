"""What is known of cases, their steps, their clocks and their events, as plain values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step of a case's life.

    Attributes:
        action: What was done.
        from_state: State before; None for the report.
        to_state: State after.
        at: When.
        department_id: The unit that a dispatch names.
    """

    action: str
    from_state: str | None
    to_state: str
    at: datetime
    department_id: str | None = None


@dataclass(frozen=True, slots=True)
class ClockRecord:
    """The clock of a stage.

    Attributes:
        stage: Which.
        limit_unit: What its limit counts in.
        started_at: When it started.
        due_at: When it is due.
        is_paused: Whether it stands still.
        finished_at: When it finished.
        used_seconds: What it had used then, in its unit's own time.
        department_path: Path of the unit whose handling it times.
    """

    stage: str
    limit_unit: str
    started_at: datetime
    due_at: datetime
    is_paused: bool = False
    finished_at: datetime | None = None
    used_seconds: float | None = None
    department_path: str | None = None

    @property
    def kept(self) -> bool:
        """Whether it finished in time."""
        return self.finished_at is not None and self.finished_at <= self.due_at


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case with all that was done with it.

    Attributes:
        case_id: Its id.
        state: Where it stands.
        source: The channel through which it came.
        issue_code: Its type.
        steps: What was done, oldest first.
        clocks: Its clocks, oldest first.
        area_path: Path of the unit in whose ground it lies.
        department_path: Path of the unit that handles it.
        timeout_exempt: Whether a delay does not count.
        self_handled: Whether it was fixed on the spot.
        auto_registered: Whether a rule registered it.
        auto_dispatched: Whether a rule dispatched it.
        event_count: How many events it is about.
        is_return: Whether it is the return of a closed case.
    """

    case_id: str
    state: str
    source: str
    issue_code: str
    steps: tuple[StepRecord, ...]
    clocks: tuple[ClockRecord, ...]
    area_path: str = "/"
    department_path: str | None = None
    timeout_exempt: bool = False
    self_handled: bool = False
    auto_registered: bool = False
    auto_dispatched: bool = False
    event_count: int = 0
    is_return: bool = False

    @property
    def reported_at(self) -> datetime:
        """When it was reported."""
        return self.steps[0].at

    @property
    def handlings(self) -> tuple[ClockRecord, ...]:
        """The clocks of its handling, oldest first."""
        return tuple(clock for clock in self.clocks if clock.stage == "handle")

    def first(self, action: str) -> datetime | None:
        """When something was first done with it."""
        return next((step.at for step in self.steps if step.action == action), None)


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event of the street.

    Attributes:
        camera_id: Which camera saw it.
        issue_code: Its type.
        first_seen: When it was first seen.
        received_at: When the API received it.
        area_path: Where its case lies; None where it has no case.
        department_path: Who handles its case.
    """

    camera_id: str
    issue_code: str
    first_seen: datetime
    received_at: datetime
    area_path: str | None = None
    department_path: str | None = None


@dataclass(frozen=True, slots=True)
class VerdictRecord:
    """What somebody said of an event.

    Attributes:
        issue_code: Its type.
        given_at: When.
        reason: Why it is none; None where it is true.
        area_path: Where its case lies; None where it has no case.
        department_path: Who handles its case.
    """

    issue_code: str
    given_at: datetime
    reason: str | None
    area_path: str | None = None
    department_path: str | None = None
