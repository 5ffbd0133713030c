"""Legal holds on the wire: what must stay, whatever its period says."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

HoldReason = Annotated[
    str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")
]


class HoldKind(StrEnum):
    """What is held."""

    CASE = "case"
    EVENT = "event"


class HoldState(StrEnum):
    """Whether a hold keeps anything."""

    STANDING = "standing"
    LIFTED = "lifted"


class HoldToSet(BaseModel):
    """Body of ``PUT /v1/cases/{case_id}/hold`` and ``PUT /v1/events/{event_id}/hold``.

    Attributes:
        reason: Why it must stay: the matter, the authority that asked for it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: HoldReason


class Hold(BaseModel):
    """A hold as it is kept.

    Attributes:
        hold_id: Its number.
        kind: What is held.
        subject_id: Id of the case or event.
        reason: Why.
        set_by: By whom.
        set_at: Since when.
        lifted_by: Who ended it.
        lifted_at: When it ended; None while it stands.
    """

    hold_id: int
    kind: HoldKind
    subject_id: str
    reason: str
    set_by: str
    set_at: AwareDatetime
    lifted_by: str | None = None
    lifted_at: AwareDatetime | None = None


class HoldPage(BaseModel):
    """Answer to ``GET /v1/holds``, newest first.

    Attributes:
        holds: Those of this page.
        next_cursor: Pass as ``cursor`` to get the next page; None on the last one.
    """

    holds: list[Hold]
    next_cursor: int | None = None
