"""What the public is told of the state of a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from api.contract.case_words import CaseState
from api.contract.open311 import RequestStatus

_OPEN, _CLOSED = RequestStatus.OPEN, RequestStatus.CLOSED


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """How far a case has come.

    Attributes:
        status: Whether anything is left to do.
        notes: The same in words, Chinese and English.
    """

    status: RequestStatus
    notes: str


# Reasons that persons give are not told: they may name somebody.
PUBLIC_STATUS: Mapping[CaseState, PublicStatus] = MappingProxyType(
    {
        CaseState.REPORTED: PublicStatus(_OPEN, "已上报 / reported"),
        CaseState.PRE_VERIFYING: PublicStatus(_OPEN, "现场核实中 / being verified on site"),
        CaseState.PENDING_DISPATCH: PublicStatus(_OPEN, "已立案 / registered"),
        CaseState.RETURNED: PublicStatus(_OPEN, "重新受理中 / being looked at again"),
        CaseState.PENDING_HANDLE: PublicStatus(_OPEN, "已派遣 / with the department"),
        CaseState.HANDLING: PublicStatus(_OPEN, "处置中 / being handled"),
        CaseState.SUSPENDED: PublicStatus(_OPEN, "暂缓处置 / put off until later"),
        CaseState.HANDLE_FINISHED: PublicStatus(_OPEN, "处置完成 / handled"),
        CaseState.PENDING_CHECK: PublicStatus(_OPEN, "待核查 / handled, to be checked"),
        CaseState.CHECKING: PublicStatus(_OPEN, "核查中 / handled, being checked"),
        CaseState.PENDING_CLOSE: PublicStatus(_OPEN, "待结案 / handled and checked"),
        CaseState.CLOSED: PublicStatus(_CLOSED, "已结案 / done"),
        CaseState.FORCED_CLOSE: PublicStatus(_CLOSED, "已结案 / closed"),
        CaseState.NOT_ACCEPTED: PublicStatus(_CLOSED, "不予受理 / not accepted"),
        CaseState.MERGED: PublicStatus(_CLOSED, "已并案 / one with a matter reported before"),
        CaseState.CANCELLED: PublicStatus(_CLOSED, "已作废 / withdrawn"),
    }
)
