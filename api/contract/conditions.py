"""What is wrong with a camera now: part of the wire contract, plain values.

A fault that has lasted becomes an event. What is said here is said at the first look that shows
it: who watches the tiles learns at once that a camera may be blind.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.contract.moment import Moment
from models.words import Remark

# More than there are kinds of faults.
MOST_FAULTS = 50


class FaultState(StrEnum):
    """How sure a fault is."""

    SUSPECTED = "suspected"
    """The latest looks show it, but it has not lasted long enough to be declared."""
    STANDING = "standing"
    """It has been declared."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReportedFault(_Value):
    """A fault that a camera has, or may have.

    Attributes:
        fault: What is wrong, such as ``dark``; the words in which events of cameras say it.
        state: How sure it is.
        since: First look that showed it.
        measured: What was measured, in words, with its threshold.
        blinds: Whether the camera's rules are held because of it: a wrong clock alone does not.
    """

    fault: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    state: FaultState
    since: Moment
    measured: Remark
    blinds: bool = True


class CameraCondition(_Value):
    """Body of ``PUT /v1/cameras/{camera_id}/condition``: what is wrong with a camera.

    Attributes:
        faults: Every fault that shows; none of a sound camera.
        next_report_seconds: While there are faults, the worker reports so soon again, whether or
            not something changed. A report that is three times as old counts no more.
    """

    faults: Annotated[tuple[ReportedFault, ...], Field(max_length=MOST_FAULTS)] = ()
    next_report_seconds: Annotated[float, Field(gt=0, le=7200)]


class KnownCondition(_Value):
    """What is known to be wrong with a camera now.

    Attributes:
        camera_id: The camera.
        faults: As its worker reported last; none of a camera that is sound, or of which no
            worker reports.
        reported_at: When that was; None without faults.
    """

    camera_id: str
    faults: tuple[ReportedFault, ...] = ()
    reported_at: Moment | None = None
