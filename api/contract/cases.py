"""Cases on the wire."""

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, model_validator

from api.contract.accounts import Login, UnitId
from api.contract.case_pictures import (
    CasePicture,
    Latitude,
    Longitude,
    ReportPicture,
    ShownPicture,
)
from api.contract.case_words import CaseSource, CaseState, FlowKind, Light, Stage
from api.contract.events import EventId
from api.contract.moment import Moment
from api.contract.repair_checks import ShownRepairCheck
from models.words import STORABLE_TEXT, IssueCode, Remark, Ulid

LARGEST_PAGE = 500
MOST_PICTURES = 20

CaseId = Ulid
GivenName = Annotated[str, Field(min_length=1, max_length=100, pattern=STORABLE_TEXT)]
ActionName = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
VerdictReason = Literal[
    "nothing_there",
    "other_thing",
    "permitted",
    "not_a_violation",
    "wrong_place",
    "picture_unclear",
    "camera_fault",
    "test",
]
"""Why a reported matter is none: the list that labelling learns from."""


ReportSource = Literal[
    CaseSource.COLLECTOR,
    CaseSource.HOTLINE,
    CaseSource.WECHAT,
    CaseSource.POLICE_110,
    CaseSource.SENSOR,
    CaseSource.DRONE,
    CaseSource.OPEN311,
]
"""All channels but cameras, whose events become cases by themselves."""


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HandleLimit(_Sent):
    """How long the handling may take.

    Attributes:
        amount: How many of the unit.
        unit: ``urgent_hour`` and ``natural_day`` run day and night, the others in working hours.
    """

    amount: Annotated[float, Field(gt=0, le=3660)]
    unit: Literal["urgent_hour", "natural_day", "work_hour", "work_day"]


class CaseReport(_Sent):
    """Body of ``POST /v1/cases``: a matter that somebody or something reports.

    Attributes:
        issue_code: Its type.
        lon: WGS-84 longitude of the place, degrees.
        lat: WGS-84 latitude, degrees.
        source: Through which channel it came.
        description: What the reporter says.
        pictures: Its pictures.
        external_number: The number that the channel gave it.
        report_key: What the channel names the report by; the same key twice is one case.
        self_handled: Whether the collector fixed it on the spot; needs a picture before and after.
    """

    issue_code: IssueCode
    lon: Longitude
    lat: Latitude
    source: ReportSource = CaseSource.COLLECTOR
    description: Remark = ""
    pictures: Annotated[tuple[ReportPicture, ...], Field(max_length=MOST_PICTURES)] = ()
    external_number: GivenName | None = None
    report_key: GivenName | None = None
    self_handled: bool = False

    @model_validator(mode="after")
    def _only_drones_fly(self) -> Self:
        flown = any(picture.taken_from is not None for picture in self.pictures)
        if flown and self.source is not CaseSource.DRONE:
            raise ValueError(
                f"pictures say where a drone took them (taken_from), but source is "
                f"{self.source.value}; send source drone, or leave taken_from out"
            )
        return self


class CaseAction(_Sent):
    """Body of ``POST /v1/cases/{case_id}/actions/{action}``.

    Which fields an action needs and takes stands in ``GET /v1/cases/{case_id}/actions``.

    Attributes:
        reason: Why, in words.
        verdict_reason: Why a reported matter is none, as a word of the list.
        pictures: Pictures that it brings, such as the one after handling.
        collector: Login of the collector who shall look.
        handler: Login of the handler who shall do it.
        department_id: Unit that shall handle it.
        target_case_id: Case that it is one with.
        issue_code: The type it really is.
        limit: How long the handling may take, if not as the type says.
        until: Until when it shall be put off.
    """

    reason: Remark | None = None
    verdict_reason: VerdictReason | None = None
    pictures: Annotated[tuple[CasePicture, ...], Field(max_length=MOST_PICTURES)] | None = None
    collector: Login | None = None
    handler: Login | None = None
    department_id: UnitId | None = None
    target_case_id: CaseId | None = None
    issue_code: IssueCode | None = None
    limit: HandleLimit | None = None
    until: Moment | None = None


class CaseDocument(BaseModel):
    """A case as it leaves the API.

    Attributes:
        case_id: Its id.
        number: What people call it by.
        external_number: The number that its channel gave it.
        state: Where it stands.
        version: Rises with every change; ``ETag`` is made of it.
        round: Rises when it is opened again.
        source: Through which channel it came.
        issue_code: Its type.
        issue_name_zh: The type's Chinese name.
        issue_name_en: The type's English name.
        severity: How much harm it does while it lasts.
        description: What the reporter said.
        lon: WGS-84 longitude, degrees.
        lat: WGS-84 latitude, degrees.
        unit_grid: Code of its management cell.
        component_id: Registered component that it is about.
        department_id: Unit that handles it.
        handler: Who handles it.
        collector: Who looks at it on site.
        reported_by: Who or what reported it.
        reported_at: When.
        registered_at: When it was registered.
        dispatched_at: When it was first dispatched.
        handled_at: When the handler last said that it is done.
        confirmed_at: When the department last said so.
        ended_at: When it ended.
        updated_at: When anything of it last changed.
        stage: What the clock that runs is for; None while none runs.
        due_at: When that is due.
        light: How that clock stands.
        request: What was asked for and is not decided: ``delay``, ``suspension`` or ``void``.
        suspended_until: When it is taken up again.
        supervised_by: Who supervises it.
        urged_count: How often somebody urged.
        rework_count: How often it had to be done again.
        delay_count: How often more time was granted.
        self_handled: Whether it was fixed on the spot.
        auto_registered: Whether a rule registered it.
        auto_dispatched: Whether a rule dispatched it.
        waits_because: Why no rule registered it, in English.
        waits_because_zh: The same in Chinese.
        unresolved: Why no rule could dispatch it.
        event_count: How many events it is about.
        merged_into: Case that it is one with.
        recurrence_of: Closed case that it is the return of.
        seen_gone_at: When its cameras saw, after it was handled, that it is gone.
        camera_check: What its cameras' looks after the handling came to so far, in English.
        camera_check_zh: The same in Chinese.
        timeout_exempt: Whether a delay does not count against the department.
    """

    case_id: CaseId
    number: str
    external_number: str | None
    state: CaseState
    version: int
    round: int
    source: CaseSource
    issue_code: str
    issue_name_zh: str
    issue_name_en: str
    severity: str
    description: str
    lon: float
    lat: float
    unit_grid: str | None
    component_id: str | None
    department_id: str | None
    handler: str | None
    collector: str | None
    reported_by: str
    reported_at: AwareDatetime
    registered_at: AwareDatetime | None
    dispatched_at: AwareDatetime | None
    handled_at: AwareDatetime | None
    confirmed_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    updated_at: AwareDatetime
    stage: Stage | None
    due_at: AwareDatetime | None
    light: Light | None
    request: str | None
    suspended_until: AwareDatetime | None
    supervised_by: str | None
    urged_count: int
    rework_count: int
    delay_count: int
    self_handled: bool
    auto_registered: bool
    auto_dispatched: bool
    waits_because: str | None
    waits_because_zh: str | None
    unresolved: str | None
    event_count: int
    merged_into: CaseId | None
    recurrence_of: CaseId | None
    seen_gone_at: AwareDatetime | None
    camera_check: str | None
    camera_check_zh: str | None
    timeout_exempt: bool


class CasePage(BaseModel):
    """Answer to ``GET /v1/cases``, newest first.

    Attributes:
        cases: Those of this page.
        next_cursor: Pass as ``cursor`` to get the next page; None on the last one.
    """

    cases: list[CaseDocument]
    next_cursor: str | None = None


class FlowRecord(BaseModel):
    """One step of a case's life.

    Attributes:
        action: What was done.
        kind: How it is filed.
        from_state: State before; None for the report.
        to_state: State after.
        actor: Who did it.
        unit_id: Where they belong.
        reason: Why.
        details: What else was said.
        at: When.
        round: In which round of the case.
    """

    action: str
    kind: FlowKind
    from_state: CaseState | None
    to_state: CaseState
    actor: str
    unit_id: str | None
    reason: str
    details: dict[str, JsonValue]
    at: AwareDatetime
    round: int


class ShownClock(BaseModel):
    """The clock of one stage of a case.

    Attributes:
        stage: What it is for.
        department_id: Whose handling it times.
        limit_amount: The limit it was started with, in its unit.
        limit_unit: The unit.
        started_at: When it started.
        due_at: When it is due, pauses and further time counted in.
        paused_at: Since when it stands still.
        finished_at: When it finished.
        used_seconds: What it had used then, in its unit's own time.
    """

    stage: Stage
    department_id: str | None
    limit_amount: float
    limit_unit: str
    started_at: AwareDatetime
    due_at: AwareDatetime
    paused_at: AwareDatetime | None
    finished_at: AwareDatetime | None
    used_seconds: float | None


class CaseHistory(BaseModel):
    """Answer to ``GET /v1/cases/{case_id}/flow``.

    Attributes:
        flow: What was done, oldest first.
        pictures: Its pictures, oldest first.
        clocks: Its clocks, oldest first.
        event_ids: The events that it is about.
        repair_checks: What its cameras saw after the handling, oldest first.
    """

    flow: list[FlowRecord]
    pictures: list[ShownPicture]
    clocks: list[ShownClock]
    event_ids: list[EventId]
    repair_checks: list[ShownRepairCheck]


class PossibleAction(BaseModel):
    """Something that can be done with a case in its state.

    Attributes:
        action: What it is called.
        name_zh: On a Chinese screen.
        name_en: On an English one.
        allowed: Whether whoever asks may do it now.
        why_not: Why not, in English.
        why_not_zh: Why not, in Chinese.
        needs: Fields that the request must give.
        takes: Fields that it may give besides.
    """

    action: str
    name_zh: str
    name_en: str
    allowed: bool
    why_not: str | None
    why_not_zh: str | None
    needs: list[str]
    takes: list[str]


class PossibleActions(BaseModel):
    """Answer to ``GET /v1/cases/{case_id}/actions``.

    Attributes:
        state: Where the case stands.
        version: The version that this holds for.
        actions: What can be done in this state.
    """

    state: CaseState
    version: int
    actions: list[PossibleAction]
