"""Looks at a spot after its handling: part of the wire contract, plain values.

Once somebody says that a matter is handled, the cameras that saw it are asked to look again. Their
workers read what is asked and say of each look what it showed.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from api.contract.events import EventId, ReportedDetection
from api.contract.moment import Moment
from models.words import Remark, Sha256, Ulid

CheckId = Ulid
# A look comes within seconds; what lies further ahead was taken by a clock that is wrong.
LARGEST_CLOCK_LEAD = timedelta(minutes=2)


class RepairSeen(StrEnum):
    """What a look at the spot showed."""

    PRESENT = "present"
    """It is still there."""
    ABSENT = "absent"
    """It is not there, as far as a camera that can be trusted shows."""
    UNHEALTHY = "unhealthy"
    """The camera cannot be trusted, so that nothing can be told."""


class RepairCheckStatus(StrEnum):
    """How a check stands."""

    OPEN = "open"
    """Looks are awaited."""
    ABSENT = "absent"
    """So many healthy looks in a row as were asked for showed that it is gone."""
    ENDED = "ended"
    """It came to nothing; a person looks."""


class RepairCheck(BaseModel):
    """One event whose spot is to be looked at again, as its camera's worker reads it.

    Attributes:
        check_id: Its id.
        event_id: The event.
        camera_id: Its camera.
        issue_code: Its type.
        zone_id: The camera's zone or line in which it was, if it was in one.
        detections: What showed it last.
        look_after: Only looks after this count.
        pause_seconds: How far apart looks must be to count.
        status: How it stands.
    """

    model_config = ConfigDict(frozen=True)

    check_id: CheckId
    event_id: EventId
    camera_id: str
    issue_code: str
    zone_id: str | None
    detections: tuple[ReportedDetection, ...]
    look_after: AwareDatetime
    pause_seconds: float
    status: RepairCheckStatus


REPAIR_CHECKS = TypeAdapter(list[RepairCheck])


class RepairLook(BaseModel):
    """Body of ``POST /v1/repair-checks/{check_id}/looks``: one look at the spot.

    Attributes:
        looked_at: When the camera took its picture, or should have.
        seen: What it showed.
        sha256: Its picture, uploaded before to ``/v1/evidence/{sha256}``; a look that tells
            something has one.
        faults: What is wrong with the camera, in words, of an unhealthy look.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    looked_at: Moment
    seen: RepairSeen
    sha256: Sha256 | None = None
    faults: Remark = ""


class LookReceipt(BaseModel):
    """Answer to a look.

    Attributes:
        status: How the check stands then.
        look_after: Only looks after this count.
    """

    model_config = ConfigDict(frozen=True)

    status: RepairCheckStatus
    look_after: AwareDatetime


class ShownRepairCheck(BaseModel):
    """What became of a camera's look at a spot, as whoever reads the case is told.

    Attributes:
        event_id: The event.
        camera_id: Its camera.
        status: How the check stands.
        asked_at: When it was asked for: when the handling was said to be done.
        ends_at: When it ends, whatever was seen.
        wanted_looks: How many healthy looks in a row must show that it is gone.
        absent_looks: How many of the latest ones did.
        last_look_at: The latest look; None before the first.
        last_seen: What that showed.
        before: The event's picture.
        after: Picture of the latest look that told something.
        faults: What was wrong with the camera at the latest look, in words.
    """

    event_id: EventId
    camera_id: str
    status: RepairCheckStatus
    asked_at: AwareDatetime
    ends_at: AwareDatetime
    wanted_looks: Annotated[int, Field(ge=1)]
    absent_looks: Annotated[int, Field(ge=0)]
    last_look_at: AwareDatetime | None
    last_seen: RepairSeen | None
    before: Sha256 | None
    after: Sha256 | None
    faults: str
