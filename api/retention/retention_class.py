"""The classes by which pictures are kept, and which one an event or a case is in.

| class | what is in it | its period begins |
|---|---|---|
| unconfirmed | an event without a case and without a verdict; an event whose case waits to be registered and was touched by nobody | the event's last change, or the case's |
| rejected | an event without a case, judged anything but true; one judged false whose case waits still; a case not accepted or voided, with its events | the verdict, or the case's end |
| confirmed | every other case, with its events; an event without a case that was judged true | the case's end, or the verdict; while a case is open it does not begin |
| unused | a picture that no event and no case names | its upload |
| preview | the newest picture of a camera that sends no newer one | when it was taken |

A case that was merged counts as the one it was merged into. A report of a person is confirmed from
the start, for a person said so. A picture that several events or cases name is kept until the
last of them lets it go, and that one's class is the picture's.
"""  # noqa: E501 - a table

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from api.contract.case_words import END_STATES, CaseSource, CaseState
from api.contract.holds import HoldKind
from api.contract.verdicts import VerdictKind

_REJECTED_STATES = frozenset({CaseState.NOT_ACCEPTED, CaseState.CANCELLED})
# Of a case that nobody did anything with yet; each step of a person raises it.
_UNTOUCHED_VERSION = 1


class RetentionClass(StrEnum):
    """By which period a picture is kept."""

    UNCONFIRMED = "unconfirmed"
    REJECTED = "rejected"
    CONFIRMED = "confirmed"
    UNUSED = "unused"
    PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class LastVerdict:
    """What a person said last of an event, or of one of a case's events.

    Attributes:
        kind: What.
        given_at: When.
    """

    kind: VerdictKind
    given_at: datetime


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What of a case says how long its pictures are kept.

    Attributes:
        case_id: The case; of a merged one, that which it was merged into.
        state: Where it stands.
        source: The channel it came through.
        is_registered: Whether it was ever registered.
        version: How often it changed.
        last_sign: Its latest change, or that of one of its events.
        ended_at: When it ended; None while it is open.
        verdict: The latest on one of its events; None if there is none, or it is past asking.
        is_held: Whether a legal hold stands on it.
    """

    case_id: str
    state: CaseState
    source: CaseSource
    is_registered: bool
    version: int
    last_sign: datetime
    ended_at: datetime | None
    verdict: LastVerdict | None
    is_held: bool

    @property
    def waits_untouched(self) -> bool:
        """Whether cameras reported it and no person did anything with it."""
        return (
            self.source is CaseSource.VIDEO
            and self.state is CaseState.REPORTED
            and not self.is_registered
            and self.version == _UNTOUCHED_VERSION
        )


@dataclass(frozen=True, slots=True)
class PictureHolder:
    """An event or a case that names a picture.

    Attributes:
        kind: Which of both.
        holder_id: Its id.
        updated_at: When the event changed last; of a case, when it did.
        verdict: The latest on an event.
        case: The case itself, or that which the event belongs to.
        is_held: Whether a legal hold stands on the holder itself.
    """

    kind: HoldKind
    holder_id: str
    updated_at: datetime
    verdict: LastVerdict | None
    case: CaseFacts | None
    is_held: bool


@dataclass(frozen=True, slots=True)
class Keeping:
    """Why a holder keeps its pictures.

    Attributes:
        retention_class: By which period.
        since: When it began; None while it has not.
    """

    retention_class: RetentionClass
    since: datetime | None


def keeping_of(holder: PictureHolder) -> Keeping:
    """Return the class of an event or a case, and since when its period runs."""
    if holder.case is not None:
        return _keeping_of_case(holder.case)
    return _judged(holder.verdict) or Keeping(RetentionClass.UNCONFIRMED, holder.updated_at)


def _keeping_of_case(case: CaseFacts) -> Keeping:
    if case.state in END_STATES and case.ended_at is not None:
        is_rejected = case.state in _REJECTED_STATES
        retention_class = RetentionClass.REJECTED if is_rejected else RetentionClass.CONFIRMED
        return Keeping(retention_class, case.ended_at)
    if not case.waits_untouched:
        return Keeping(RetentionClass.CONFIRMED, None)
    if case.verdict is None:
        return Keeping(RetentionClass.UNCONFIRMED, case.last_sign)
    if case.verdict.kind is VerdictKind.FALSE:
        return Keeping(RetentionClass.REJECTED, case.verdict.given_at)
    return Keeping(RetentionClass.CONFIRMED, None)


def _judged(verdict: LastVerdict | None) -> Keeping | None:
    if verdict is None:
        return None
    is_true = verdict.kind is VerdictKind.TRUE
    retention_class = RetentionClass.CONFIRMED if is_true else RetentionClass.REJECTED
    return Keeping(retention_class, verdict.given_at)
