"""The words of a case: its states, where it came from, its stages and pictures."""

from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands."""

    REPORTED = "reported"
    """上报: waits to be registered."""
    PRE_VERIFYING = "pre_verifying"
    """核实: a collector looks whether it is there."""
    PENDING_DISPATCH = "pending_dispatch"
    """待派遣: registered, waits for its department."""
    RETURNED = "returned"
    """回退: the dispatcher gave it back to the acceptor."""
    PENDING_HANDLE = "pending_handle"
    """待处置: at the department."""
    HANDLING = "handling"
    """处置中: somebody is on it."""
    SUSPENDED = "suspended"
    """挂账: put off until a date."""
    HANDLE_FINISHED = "handle_finished"
    """处置完成: the handler says that it is done."""
    PENDING_CHECK = "pending_check"
    """待核查: the department says so too."""
    CHECKING = "checking"
    """核查: a collector looks whether it is gone."""
    PENDING_CLOSE = "pending_close"
    """待结案: it is gone."""
    CLOSED = "closed"
    """结案."""
    FORCED_CLOSE = "forced_close"
    """强制结案: closed by a leader's word."""
    NOT_ACCEPTED = "not_accepted"
    """不予立案."""
    MERGED = "merged"
    """并案: one with another case."""
    CANCELLED = "cancelled"
    """作废."""


END_STATES = frozenset(
    {
        CaseState.CLOSED,
        CaseState.FORCED_CLOSE,
        CaseState.NOT_ACCEPTED,
        CaseState.MERGED,
        CaseState.CANCELLED,
    }
)
OPEN_STATES = frozenset(CaseState) - END_STATES


class CaseSource(StrEnum):
    """Through which channel a case came."""

    VIDEO = "video"
    """A camera's event."""
    COLLECTOR = "collector"
    """A grid worker."""
    HOTLINE = "hotline"
    WECHAT = "wechat"
    POLICE_110 = "police_110"
    SENSOR = "sensor"
    DRONE = "drone"
    OPEN311 = "open311"


class Stage(StrEnum):
    """A part of a case's life that has a limit of its own."""

    ACCEPT = "accept"
    PRE_VERIFY = "pre_verify"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    POST_CHECK = "post_check"
    CLOSE = "close"


class PictureKind(StrEnum):
    """What a case's picture shows."""

    NEAR = "near"
    FAR = "far"
    REFERENCE = "reference"
    BEFORE = "before"
    AFTER = "after"


class FlowKind(StrEnum):
    """What a step of a case's life does with it."""

    FORWARD = "forward"
    RETURN = "return"
    CANCEL = "cancel"
    CLOSE = "close"
    ASSIGN = "assign"
    NOTE = "note"
    """It stays where it is."""


class Light(StrEnum):
    """How the clock that runs stands."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
