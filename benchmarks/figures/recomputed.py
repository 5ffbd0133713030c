"""The counters of cases in plain Python, case by case, out of the record of their steps.

It knows nothing of SQL and shares no code with the API's figures: two ways to the same numbers.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.figures.case_record import CaseRecord, ClockRecord, EventRecord, VerdictRecord

_PUBLIC = {"hotline", "wechat", "police_110", "open311"}
_CLOSED = {"closed", "forced_close"}
_ENDS = _CLOSED | {"not_accepted", "merged", "cancelled"}
_NOT_DISPATCHED = {"reported", "pre_verifying", "returned", "pending_dispatch"}
# By which steps what a clock times is done. A clock that another step ended is nobody's work.
_DONE_BY = {
    "accept": {"register", "reject", "merge", "accept_self_handled"},
    "dispatch": {"dispatch"},
    "handle": {"confirm"},
    "post_check": {"check_passed", "check_failed", "unable_to_check"},
}
_STEPS = {
    "return_to_acceptor": "back",
    "return_to_dispatcher": "back",
    "approve_suspension": "hang",
    "approve_delay": "delay",
    "supervise": "supervise",
}
_NAMES = {"dispatch": "dispatch", "handle": "dispose", "post_check": "check"}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that counts: when, and by what it can be put into lines.

    Attributes:
        moment: When it counts.
        issue_code: The type.
        source: The channel.
        area_path: Where the case lies; None if that is not known.
        department_path: Who handles it; likewise.
    """

    moment: datetime
    issue_code: str
    source: str
    area_path: str | None
    department_path: str | None


@dataclass(frozen=True, slots=True)
class Span:
    """A period.

    Attributes:
        start: Its beginning.
        until: Its end, which does not belong to it.
        now: When the figures are asked for.
    """

    start: datetime
    until: datetime
    now: datetime

    def holds(self, moment: datetime | None) -> bool:
        """Whether a moment lies in it."""
        return moment is not None and self.start <= moment < self.until

    @property
    def as_of(self) -> datetime:
        """By which moment what is overdue is judged."""
        return min(self.until, self.now)


class Recomputed:
    """Counts cases one after the other.

    Args:
        span: The period.
        line: Gives the line that a fact belongs to; None where it is not asked about.
        days: How many days a line is about.
    """

    def __init__(self, span: Span, line: Callable[[Fact], str | None], days: float) -> None:
        self._span = span
        self._line = line
        self._days = days
        self._cameras: dict[str, set[str]] = defaultdict(set)
        self.lines: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))

    def add_cases(self, cases: Iterable[CaseRecord]) -> None:
        """Count cases."""
        for case in cases:
            self._report(case)
            self._registration(case)
            self._first_dispatch(case)
            self._end(case)
            for step in case.steps:
                if step.action in _STEPS:
                    self._count(_fact(case, step.at), _STEPS[step.action])
            for clock in case.clocks:
                self._task(case, clock)

    def add_events(self, events: Iterable[EventRecord]) -> None:
        """Count events of the street."""
        for event in events:
            fact = Fact(
                event.first_seen, event.issue_code, "video", event.area_path, event.department_path
            )
            self._count(fact, "alarms")
            self._count(fact, "delay_minutes", _minutes(event.received_at - event.first_seen))
            line = self._line(fact)
            if line is not None and self._span.holds(event.first_seen):
                self._cameras[line].add(event.camera_id)
                self.lines[line]["alarm_camera_days"] = len(self._cameras[line]) * self._days

    def add_verdicts(self, verdicts: Iterable[VerdictRecord]) -> None:
        """Count verdicts."""
        for one in verdicts:
            fact = Fact(one.given_at, one.issue_code, "video", one.area_path, one.department_path)
            self._count(fact, "verdict")
            if one.reason is not None:
                self._count(fact, "false_alarm")
                self._count(fact, f"false_alarm_{one.reason}")

    def _count(self, fact: Fact, name: str, amount: float = 1) -> None:
        line = self._line(fact)
        if line is not None and self._span.holds(fact.moment):
            self.lines[line][name] += amount

    def _report(self, case: CaseRecord) -> None:
        fact = _fact(case, case.reported_at)
        registered = case.first("register") is not None
        is_video = case.source == "video"
        said = {
            "report": True,
            "public_report": case.source in _PUBLIC,
            "self_handled": case.self_handled,
            "recurrence": case.is_return,
            "valid_report": registered or (case.self_handled and case.state == "closed"),
            "video_report": is_video,
            "confirmed_true": is_video and registered,
        }
        self._count_true(fact, said)
        if case.state != "merged":
            self._count(fact, "duplicates_suppressed", max(case.event_count - 1, 0))

    def _registration(self, case: CaseRecord) -> None:
        at = case.first("register")
        if at is None:
            return
        said = {
            "register": True,
            "in_time_register": next(one for one in case.clocks if one.stage == "accept").kept,
            "accurate_register": case.state not in _ENDS - _CLOSED,
            "auto_register": case.auto_registered,
        }
        self._count_true(_fact(case, at), said)

    def _first_dispatch(self, case: CaseRecord) -> None:
        at = case.first("dispatch")
        if at is None:
            return
        to = {step.department_id for step in case.steps if step.action == "dispatch"}
        said = {
            "first_dispatch": True,
            "accurate_dispatch": case.state in _CLOSED and len(to) == 1,
            "wrong_dispatch": len(to) > 1,
            "auto_dispatch": case.auto_dispatched,
        }
        self._count_true(_fact(case, at), said)

    def _end(self, case: CaseRecord) -> None:
        ended_at = _ended_at(case)
        last = case.handlings[-1] if case.handlings else None
        kept = last is None or last.kept
        if ended_at is not None:
            closed = case.state in _CLOSED
            reworked = any(step.action in {"check_failed", "rework"} for step in case.steps)
            said = {
                "archive": closed,
                "need_archive": closed,
                "in_time_archive": closed and (kept or case.timeout_exempt),
                "overtime_archive": closed and not kept,
                "rework": closed and reworked,
                "cancel": case.state == "cancelled",
            }
            self._count_true(_fact(case, ended_at), said)
        if ended_at is None:
            is_due = case.state not in _NOT_DISPATCHED | {"suspended"}
        else:
            is_due = case.state in _CLOSED and ended_at >= self._span.until
        if last is None or not is_due:
            return
        fact = _fact(case, last.due_at)
        said = {"need_archive": True, "overtime_to_archive": last.due_at < self._span.as_of}
        self._count_true(fact, said)

    def _task(self, case: CaseRecord, clock: ClockRecord) -> None:
        if clock.stage not in _DONE_BY:
            return
        is_done = any(
            step.action in _DONE_BY[clock.stage] and step.at == clock.finished_at
            for step in case.steps
        )
        if is_done and clock.finished_at is not None and self._span.holds(clock.finished_at):
            self._done(case, clock, clock.finished_at)
            return
        waits = clock.finished_at is None and not clock.is_paused and case.state not in _ENDS
        later = is_done and clock.finished_at is not None and clock.finished_at >= self._span.until
        if clock.stage == "accept" or not (waits or later):
            return
        fact, name = _task_fact(case, clock, clock.due_at), _NAMES[clock.stage]
        self._count(fact, f"need_{name}")
        if clock.stage == "handle":
            self._count(fact, "to_dispose")
            if clock.due_at < self._span.as_of:
                self._count(fact, "overtime_to_dispose")

    def _done(self, case: CaseRecord, clock: ClockRecord, at: datetime) -> None:
        fact = _task_fact(case, clock, at)
        took = _minutes(at - clock.started_at)
        if clock.stage == "accept":
            self._count(fact, "accept")
            if case.source == "video" and clock is case.clocks[0]:
                self._count(fact, "triaged")
                self._count(fact, "triage_minutes", took)
            return
        name = _NAMES[clock.stage]
        excused = clock.stage == "handle" and case.timeout_exempt
        said = {
            f"need_{name}": True,
            name: True,
            f"in_time_{name}": clock.kept or excused,
            "overtime_dispose": clock.stage == "handle" and not clock.kept,
        }
        self._count_true(fact, said)
        if clock.stage == "handle":
            self._count(fact, "wall_minutes", took)
            if clock.limit_unit in {"work_hour", "work_day"}:
                self._count(fact, "working_disposals")
                self._count(fact, "working_minutes", (clock.used_seconds or 0) / 60)

    def _count_true(self, fact: Fact, said: dict[str, bool]) -> None:
        for name, is_so in said.items():
            if is_so:
                self._count(fact, name)


def _fact(case: CaseRecord, moment: datetime) -> Fact:
    return Fact(moment, case.issue_code, case.source, case.area_path, case.department_path)


def _task_fact(case: CaseRecord, clock: ClockRecord, moment: datetime) -> Fact:
    then = clock.department_path if clock.stage == "handle" else None
    department = then or case.department_path
    return Fact(moment, case.issue_code, case.source, case.area_path, department)


def _ended_at(case: CaseRecord) -> datetime | None:
    """When it ended for good; what is said of a closed case afterwards ends nothing."""
    if case.state not in _ENDS:
        return None
    return next(
        step.at
        for step in reversed(case.steps)
        if step.to_state in _ENDS and step.from_state not in _ENDS
    )


def _minutes(time: timedelta) -> float:
    return time / timedelta(minutes=1)
