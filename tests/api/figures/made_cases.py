"""Random cases that went their way through the table of transitions, with all its guards."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from api.accounts.actor import SYSTEM
from api.cases.case import Case
from api.cases.case_clocks import CaseClocks, StagedClock
from api.cases.effects import after_effects
from api.cases.guards import GUARDS
from api.cases.step import Around, DepartmentPlace, Step
from api.cases.transition_table import ClockOperation, Transition, load_transitions
from api.clocks.time_limit import TimeLimit
from api.clocks.working_calendar import WorkingCalendar
from api.contract.case_pictures import CasePicture
from api.contract.case_words import END_STATES, CaseSource, CaseState, PictureKind, Stage
from api.contract.cases import CaseAction
from benchmarks.figures.case_record import CaseRecord, ClockRecord, StepRecord

AREAS = ("/city/east/e1/", "/city/east/e2/", "/city/west/w1/", "/city/west/", "/")
DEPARTMENTS = {
    "clean": "/city/east/clean/",
    "clean-1": "/city/east/clean/clean-1/",
    "roads": "/city/west/roads/",
    "lights": "/city/lights/",
}
UNITS = {
    "city": "/city/",
    "east": "/city/east/",
    "west": "/city/west/",
    **{path.split("/")[-2]: path for path in AREAS if path.count("/") == 4},
    **DEPARTMENTS,
}
CODES = ("09001", "09009", "03001", "01001", "00000")
LIMITS = ("4 work_hour", "1 work_day", "2 urgent_hour", "1 natural_day")
SHORT = TimeLimit.parse("0.25 urgent_hour")
AFTER = (CasePicture(sha256="0" * 64, kind=PictureKind.AFTER),)
CALENDAR = WorkingCalendar()
# The usual way is taken most of the time; some steps lead nowhere and are taken seldom.
USUAL = {
    *("register", "dispatch", "assign", "submit_result", "confirm", "request_post_check"),
    *("check_passed", "close", "resume", "verified_present", "approve_delay"),
    *("approve_suspension", "endorse_appeal", "grant_appeal", "appeal", "accept_self_handled"),
}
SELDOM = {"force_close", "void", "urge", "supervise", "answer_supervision", "reopen", "merge"}
PAUSES = (timedelta(minutes=1), timedelta(minutes=20), timedelta(hours=3), timedelta(days=1))


@dataclass
class MadeCase:
    """A case with its records."""

    case: Case
    clocks: list[StagedClock] = field(default_factory=list)
    flow: list[dict[str, Any]] = field(default_factory=list)

    def note(self, action: str, kind: str, before: CaseState | None, asked: CaseAction) -> None:
        details = {} if asked.department_id is None else {"department_id": asked.department_id}
        self.flow.append(
            {
                "case_id": self.case.case_id,
                "round": self.case.round,
                "action": action,
                "kind": kind,
                "from_state": before,
                "to_state": self.case.state.value,
                "actor": "somebody",
                "details": details,
                "at": self.case.updated_at,
            }
        )

    def clock_rows(self) -> list[dict[str, Any]]:
        every = CaseClocks([], CALENDAR, self.case.updated_at)
        every._clocks = list(self.clocks)
        return every.changed_rows(self.case.case_id)

    def record(self) -> CaseRecord:
        """What can be read of it through the REST API."""
        case = self.case
        return CaseRecord(
            case_id=case.case_id,
            state=case.state.value,
            source=case.source.value,
            issue_code=case.issue_code,
            steps=tuple(
                StepRecord(
                    one["action"],
                    one["from_state"],
                    one["to_state"],
                    one["at"],
                    one["details"].get("department_id"),
                )
                for one in self.flow
            ),
            clocks=tuple(_clock_record(row) for row in self.clock_rows()),
            area_path=case.area_path,
            department_path=case.department_path,
            timeout_exempt=case.timeout_exempt,
            self_handled=case.self_handled,
            auto_registered=case.auto_registered,
            auto_dispatched=case.auto_dispatched,
            event_count=case.event_count,
            is_return=case.recurrence_of is not None,
        )


class CaseMaker:
    """Makes cases that come in within some days before a moment and go on until then."""

    def __init__(self, seed: int, now: datetime, days: float) -> None:
        self._random = random.Random(seed)
        self._now = now
        self._days = days
        self._table = load_transitions()

    def make(self, number: int) -> MadeCase:
        made = self.reported(number)
        # Half of them are left lying somewhere.
        steps = self._random.choice([60, self._random.randrange(20)])
        for _ in range(steps):
            moment = made.case.updated_at + self._pause()
            stays_put_off = made.case.state is CaseState.SUSPENDED and self._random.random() < 0.3
            if moment >= self._now or stays_put_off:
                break
            done = self._table_step(made, moment)
            if not done:
                break
        return made

    def reported(self, number: int, at: datetime | None = None, **changes: Any) -> MadeCase:
        draw = self._random
        at = at or self._now - timedelta(days=self._days) * draw.random()
        at = at.astimezone(UTC)
        case = Case(
            case_id=f"01JD8Z6Q3V5W7X9Y1A3C{number:06d}",
            number=f"{number}",
            state=CaseState.REPORTED,
            version=1,
            round=1,
            source=draw.choice(list(CaseSource)),
            issue_code=draw.choice(CODES),
            lon=113.9,
            lat=22.5,
            reported_by="somebody",
            reported_at=at,
            updated_at=at,
            area_path=draw.choice(AREAS),
            self_handled=draw.random() < 0.1,
            event_count=draw.choice([0, 1, 1, 2, 5]),
            recurrence_of="another" if draw.random() < 0.1 else None,
        )
        made = MadeCase(replace(case, **changes))
        clocks = CaseClocks([], CALENDAR, at)
        clocks.start(Stage.ACCEPT, SHORT, None)
        made.clocks = clocks._clocks
        made.note("report", "forward", None, CaseAction())
        return made

    def step(self, made: MadeCase, action: str, at: datetime, **asked: Any) -> None:
        """Do one thing; it must be possible."""
        assert self._try(made, self._table[action], at.astimezone(UTC), asked), action

    def _table_step(self, made: MadeCase, moment: datetime) -> bool:
        possible = [one for one in self._table.values() if made.case.state in one.states]
        weights = [
            20 if one.action in USUAL else 0.5 if one.action in SELDOM else 1.5 for one in possible
        ]
        for _ in range(30 if possible else 0):
            (chosen,) = self._random.choices(possible, weights)
            if self._try(made, chosen, moment, {}):
                return True
        return False

    def _try(self, made: MadeCase, chosen: Transition, at: datetime, said: Any) -> bool:
        before, asked = made.case, self._asked(chosen, at, said)
        unit = asked.department_id
        clocks = CaseClocks(made.clocks, CALENDAR, at)
        around = Around(
            department=None if unit is None else DepartmentPlace(unit, UNITS[unit]),
            target=replace(before, case_id="target", state=CaseState.HANDLING),
            has_both_pictures=True,
        )
        step = Step(chosen, before, clocks, SYSTEM, at, around, asked)
        if any(GUARDS[name](step) is not None for name in chosen.guards):
            return False
        self._move_clocks(step, asked)
        if chosen.state_after(before.state, before.suspended_from) in END_STATES:
            clocks.finish_all()
        made.case = after_effects(step)
        if chosen.action == "register":
            auto = before.registered_at is None and self._random.random() < 0.3
            made.case = replace(made.case, auto_registered=made.case.auto_registered or auto)
        if chosen.action == "dispatch" and self._random.random() < 0.3:
            made.case = replace(made.case, auto_dispatched=True)
        made.clocks = clocks._clocks
        made.note(chosen.action, chosen.kind.value, before.state.value, asked)
        return True

    def _asked(self, chosen: Transition, at: datetime, said: Any) -> CaseAction:
        draw = self._random
        everything = {
            "reason": "so",
            "pictures": AFTER,
            "collector": "c",
            "handler": "h",
            "department_id": draw.choice(list(DEPARTMENTS)),
            "target_case_id": "01JD8Z6Q3V5W7X9Y1A3C000000",
            "until": at + timedelta(days=draw.choice([0.5, 2, 9])),
        }
        return CaseAction(**{name: everything[name] for name in chosen.needs} | said)

    def _move_clocks(self, step: Step, asked: CaseAction) -> None:
        clocks, case = step.clocks, step.case
        department = asked.department_id or case.department_id
        for effect in step.transition.clock_effects:
            is_handling = effect.stage is Stage.HANDLE
            limit = TimeLimit.parse(self._random.choice(LIMITS)) if is_handling else SHORT
            match effect.operation:
                case ClockOperation.START:
                    clocks.start(effect.stage, limit, department)
                case ClockOperation.HAND_OVER:
                    clocks.hand_over(effect.stage, limit, department or "")
                case other:
                    getattr(clocks, other.value)(effect.stage)

    def _pause(self) -> timedelta:
        return self._random.choice(PAUSES) * self._random.uniform(0.1, 1.5)


def _clock_record(row: dict[str, Any]) -> ClockRecord:
    return ClockRecord(
        stage=row["stage"],
        limit_unit=row["limit_unit"],
        started_at=row["started_at"],
        due_at=row["due_at"],
        is_paused=row["paused_at"] is not None,
        finished_at=row["finished_at"],
        used_seconds=row["used_seconds"],
        department_path=DEPARTMENTS.get(row["department_id"] or ""),
    )
