"""A case, as a value: every change gives a new one."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Self

from api.cases.enum_columns import with_enums, without_enums
from api.cases.why_not import WhyNot
from api.clocks.time_limit import TimeLimit, TimeUnit
from api.contract.case_words import END_STATES, CaseSource, CaseState, Stage


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked for and somebody else decides.

    Attributes:
        kind: ``delay``, ``suspension`` or ``void``.
        asked_by: Who.
        asked_at: When.
        reason: Why.
        until: Until when it should be put off, for a suspension.
    """

    kind: str
    asked_by: str
    asked_at: datetime
    reason: str
    until: datetime | None = None

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """Read what ``document`` wrote."""
        until = document["until"]
        return cls(
            kind=document["kind"],
            asked_by=document["asked_by"],
            asked_at=datetime.fromisoformat(document["asked_at"]),
            reason=document["reason"],
            until=None if until is None else datetime.fromisoformat(until),
        )

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "kind": self.kind,
            "asked_by": self.asked_by,
            "asked_at": self.asked_at.isoformat(),
            "reason": self.reason,
            "until": None if self.until is None else self.until.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Case:
    """A row of ``cases``; the columns are described there.

    Times are aware; paths are those of ``organisation_units``.
    """

    case_id: str
    number: str
    state: CaseState
    version: int
    round: int
    source: CaseSource
    issue_code: str
    lon: float
    lat: float
    reported_by: str
    reported_at: datetime
    updated_at: datetime
    external_number: str | None = None
    report_key: str | None = None
    description: str = ""
    unit_grid: str | None = None
    area_path: str = "/"
    component_id: str | None = None
    department_id: str | None = None
    department_path: str | None = None
    first_department_id: str | None = None
    handler: str | None = None
    collector: str | None = None
    handle_amount: float | None = None
    handle_unit: TimeUnit | None = None
    registered_at: datetime | None = None
    dispatched_at: datetime | None = None
    handled_at: datetime | None = None
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    handled_in_time: bool | None = None
    clock_stage: Stage | None = None
    yellow_at: datetime | None = None
    due_at: datetime | None = None
    lights_told: int = 0
    request: Request | None = None
    appeal: str | None = None
    timeout_exempt: bool = False
    suspended_from: CaseState | None = None
    suspended_until: datetime | None = None
    supervised_by: str | None = None
    urged_count: int = 0
    rework_count: int = 0
    return_count: int = 0
    delay_count: int = 0
    hang_count: int = 0
    departments_count: int = 0
    self_handled: bool = False
    auto_registered: bool = False
    auto_dispatched: bool = False
    waits_because: WhyNot | None = None
    unresolved: str | None = None
    event_count: int = 0
    merged_into: str | None = None
    recurrence_of: str | None = None
    seen_gone_at: datetime | None = None
    camera_check: WhyNot | None = None

    @property
    def is_open(self) -> bool:
        """Whether anything is left to do."""
        return self.state not in END_STATES

    @property
    def handle_limit(self) -> TimeLimit | None:
        """How long its handling may take, fixed when it was registered."""
        if self.handle_amount is None or self.handle_unit is None:
            return None
        return TimeLimit(self.handle_amount, self.handle_unit)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Read a row of ``cases``."""
        values = with_enums({name: row[name] for name in COLUMNS}, _KINDS)
        if values["request"] is not None:
            values["request"] = Request.of(values["request"])
        for name in _REASONS:
            if values[name] is not None:
                values[name] = WhyNot.of(values[name])
        return cls(**values)

    def row(self) -> dict[str, Any]:
        """Return it as a row of ``cases``."""
        values = without_enums({name: getattr(self, name) for name in COLUMNS}, _KINDS)
        if self.request is not None:
            values["request"] = self.request.document()
        for name in _REASONS:
            if values[name] is not None:
                values[name] = values[name].document()
        return values


COLUMNS = tuple(one.name for one in fields(Case))
_REASONS = ("waits_because", "camera_check")
_KINDS = {
    "state": CaseState,
    "source": CaseSource,
    "handle_unit": TimeUnit,
    "clock_stage": Stage,
    "suspended_from": CaseState,
}
