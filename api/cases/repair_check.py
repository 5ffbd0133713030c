"""A check of a spot after its handling, as a value, and what several come to together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from api.cases.enum_columns import with_enums, without_enums
from api.cases.why_not import WhyNot, why_not
from api.contract.repair_checks import RepairCheckStatus, RepairLook, RepairSeen


class EndedBecause(StrEnum):
    """Why a check ended without an answer."""

    REMOVED = "removed"
    """The camera is there no more."""
    SILENT = "silent"
    """No look came."""
    UNHEALTHY = "unhealthy"
    """The camera could not be trusted."""
    UNDECIDED = "undecided"
    """Too few looks in a row showed that it is gone."""
    OVER = "over"
    """The case went on without it."""


@dataclass(frozen=True, slots=True)
class RepairCheckRow:
    """A row of ``repair_checks``; the columns are described there."""

    check_id: str
    case_id: str
    event_id: str
    camera_id: str
    status: RepairCheckStatus
    asked_at: datetime
    ends_at: datetime
    wanted_looks: int
    pause_seconds: float
    absent_looks: int
    look_after: datetime
    last_look_at: datetime | None = None
    last_seen: RepairSeen | None = None
    picture: str | None = None
    ended_because: EndedBecause | None = None
    faults: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Read a row."""
        return cls(**with_enums({name: row[name] for name in COLUMNS}, _KINDS))

    def row(self) -> dict[str, Any]:
        """Return it as a row."""
        return without_enums({name: getattr(self, name) for name in COLUMNS}, _KINDS)

    def counts(self, look: RepairLook) -> bool:
        """Whether a look is to be counted: late enough after the one before, and in time."""
        is_open = self.status is RepairCheckStatus.OPEN
        return is_open and self.look_after < look.looked_at <= self.ends_at

    def after(self, look: RepairLook) -> Self:
        """Return it with a look that counts; the run begins anew with one that shows it there.

        An unhealthy look neither counts nor breaks the run: nothing was seen.
        """
        absent = {RepairSeen.ABSENT: self.absent_looks + 1, RepairSeen.PRESENT: 0}.get(
            look.seen, self.absent_looks
        )
        is_gone = absent >= self.wanted_looks
        return replace(
            self,
            status=RepairCheckStatus.ABSENT if is_gone else self.status,
            absent_looks=absent,
            look_after=look.looked_at + timedelta(seconds=self.pause_seconds),
            last_look_at=look.looked_at,
            last_seen=look.seen,
            picture=look.sha256 or self.picture,
            faults=look.faults,
        )

    def ended(self, because: EndedBecause | None) -> Self:
        """Return it as ended without an answer."""
        return replace(self, status=RepairCheckStatus.ENDED, ended_because=because)

    @property
    def is_overdue_because(self) -> EndedBecause:
        """Why its time was over before it had an answer."""
        if self.last_seen is None:
            return EndedBecause.SILENT
        if self.last_seen is RepairSeen.UNHEALTHY:
            return EndedBecause.UNHEALTHY
        return EndedBecause.UNDECIDED


COLUMNS = tuple(one.name for one in fields(RepairCheckRow))
_KINDS = {"status": RepairCheckStatus, "last_seen": RepairSeen, "ended_because": EndedBecause}


@dataclass(frozen=True, slots=True)
class CamerasWord:
    """What the cameras of a case say together.

    Attributes:
        words: In words.
        gone_at: The latest look, if all of them showed it gone often enough.
    """

    words: WhyNot
    gone_at: datetime | None = None


def cameras_word(checks: Sequence[RepairCheckRow]) -> CamerasWord | None:
    """Return what the checks of one finishing come to together; None if there are none."""
    looked = [check for check in checks if check.last_look_at is not None]
    for check in looked:
        if check.last_seen is RepairSeen.PRESENT:
            at = _shown(check.last_look_at)
            return CamerasWord(why_not("still_seen", camera=check.camera_id, at=at))
    for check in checks:
        if check.status is RepairCheckStatus.ENDED:
            return CamerasWord(_ended(check))
    if not checks:
        return None
    least = min(checks, key=lambda check: check.absent_looks / check.wanted_looks)
    looks = {"looks": least.absent_looks, "wanted": least.wanted_looks}
    if any(check.status is RepairCheckStatus.OPEN for check in checks):
        return CamerasWord(why_not("few_looks", **looks))
    last = max(check.last_look_at for check in looked if check.last_look_at is not None)
    return CamerasWord(why_not("gone_on_looks", **looks, at=_shown(last)), last)


def _ended(check: RepairCheckRow) -> WhyNot:
    because = check.ended_because or check.is_overdue_because
    said: dict[str, object] = {"camera": check.camera_id}
    match because:
        case EndedBecause.UNHEALTHY:
            said["faults"] = check.faults
        case EndedBecause.UNDECIDED:
            said |= {"looks": check.absent_looks, "wanted": check.wanted_looks}
        case EndedBecause.OVER:
            return why_not("not_seen_gone")
        case _:
            pass
    return why_not(f"camera_{because.value}", **said)


def _shown(moment: datetime | None) -> str:
    return "–" if moment is None else moment.isoformat(timespec="seconds")
