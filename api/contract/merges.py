"""Merge proposals on the wire: two events that may be the same matter."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.contract.events import EventId


class MergeStatus(StrEnum):
    """What became of a proposal."""

    PROPOSED = "proposed"
    """Nobody has decided yet."""
    ACCEPTED = "accepted"
    """They are one matter: the younger event names the older one in ``merged_into``."""
    REJECTED = "rejected"
    """They are two matters; the pair is not proposed again."""


class MergeProposal(BaseModel):
    """Two events of one issue type, seen by two cameras at one time, that lie close together.

    Attributes:
        proposal_id: Its number.
        older_event_id: The event that opened first.
        younger_event_id: The other one.
        distance_m: How far apart they were located when it was made.
        limit_m: Up to which distance the errors of both positions let them be one.
        status: What became of it.
        made_at: When it was made.
        decided_at: When somebody decided.
        decided_by: Login of who did.
        reason: Why.
    """

    model_config = ConfigDict(frozen=True)

    proposal_id: int
    older_event_id: EventId
    younger_event_id: EventId
    distance_m: float
    limit_m: float
    status: MergeStatus
    made_at: AwareDatetime
    decided_at: AwareDatetime | None
    decided_by: str | None
    reason: str | None


class MergeProposalPage(BaseModel):
    """Answer to ``GET /v1/merge-proposals``, newest first.

    Attributes:
        proposals: Those of this page.
        next_cursor: Pass as ``cursor`` to get the next page; None on the last one.
    """

    proposals: list[MergeProposal]
    next_cursor: str | None = None


class MergeVerdict(BaseModel):
    """Body of ``POST /v1/merge-proposals/{proposal_id}/verdict``.

    Attributes:
        verdict: What was decided.
        reason: Why, if it is worth saying.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: Literal[MergeStatus.ACCEPTED, MergeStatus.REJECTED]
    reason: Annotated[str, Field(max_length=1000)] = ""
