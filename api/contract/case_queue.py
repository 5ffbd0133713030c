"""The queue of cases on the wire: of each only what a long list shows."""

from pydantic import AwareDatetime, BaseModel

from api.contract.case_words import CaseSource, CaseState
from api.contract.cases import CaseId

LARGEST_QUEUE_PAGE = 2000


class QueuedCase(BaseModel):
    """A case as a row of a list.

    Attributes:
        case_id: Its id.
        number: What people call it by.
        change: Rises with every change of any case.
        state: Where it stands.
        is_open: Whether anything is left to do.
        source: Through which channel it came.
        issue_code: Its type.
        severity: How much harm it does while it lasts.
        lon: WGS-84 longitude, degrees.
        lat: WGS-84 latitude, degrees.
        unit_grid: Code of its management cell.
        department_id: Unit that handles it.
        handler: Who handles it.
        reported_at: When it was reported.
        yellow_at: When the running clock turns yellow; None while none runs.
        due_at: When that clock is due.
        request: What was asked for and is not decided: ``delay``, ``suspension`` or ``void``.
        is_supervised: Whether somebody supervises it.
        urged_count: How often somebody urged.
        event_count: How many events it is about.
        has_picture: Whether anybody or anything gave it a picture.
    """

    case_id: CaseId
    number: str
    change: int
    state: CaseState
    is_open: bool
    source: CaseSource
    issue_code: str
    severity: str
    lon: float
    lat: float
    unit_grid: str | None
    department_id: str | None
    handler: str | None
    reported_at: AwareDatetime
    yellow_at: AwareDatetime | None
    due_at: AwareDatetime | None
    request: str | None
    is_supervised: bool
    urged_count: int
    event_count: int
    has_picture: bool


class CaseQueuePage(BaseModel):
    """Answer to ``GET /v1/case-queue``, in the order of changes.

    Attributes:
        cases: Those that changed.
        now: The time of cases at the API, by which their clocks stand.
        more: Whether there are more after the last one.
    """

    cases: list[QueuedCase]
    now: AwareDatetime
    more: bool
