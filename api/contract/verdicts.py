"""Verdicts on the wire: what a person said of an event."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from api.contract.cases import CaseId, VerdictReason
from api.contract.events import EventId
from models.words import Sha256, VisualClass

MOST_BOXES = 100

Share = Annotated[float, Field(ge=0, le=1)]


class VerdictKind(StrEnum):
    """What was said."""

    TRUE = "true"
    """It is there, and is what it is said to be."""
    FALSE = "false"
    """It is not; a reason says why it looked so."""
    DUPLICATE = "duplicate"
    """It is there, and was reported before."""
    NOT_OURS = "not_ours"
    """It is there, and nobody of this district handles it."""
    UNCLEAR = "unclear"
    """The pictures do not show it."""


class CorrectedBox(BaseModel):
    """Where the thing really is.

    Attributes:
        visual_class: What it is.
        box: Left, top, right and bottom as shares of the picture's width and height.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    visual_class: VisualClass
    box: tuple[Share, Share, Share, Share]

    @model_validator(mode="after")
    def _has_an_area(self) -> Self:
        left, top, right, bottom = self.box
        if not (left < right and top < bottom):
            raise ValueError(
                f"box {list(self.box)} has no area: write left, top, right, bottom with left < "
                "right and top < bottom"
            )
        return self


class Verdict(BaseModel):
    """Body of ``POST /v1/events/{event_id}/verdicts``.

    Attributes:
        verdict: What is said.
        reason: Why a false one looked true; needed for that and for nothing else.
        boxes: Where things really are in its picture; None if nobody drew any.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: VerdictKind
    reason: VerdictReason | None = None
    boxes: Annotated[tuple[CorrectedBox, ...], Field(max_length=MOST_BOXES)] | None = None

    @model_validator(mode="after")
    def _false_has_a_reason(self) -> Self:
        if (self.verdict is VerdictKind.FALSE) != (self.reason is not None):
            raise ValueError(f"a reason belongs to false, and to nothing else: {self.verdict}")
        return self


class GivenVerdict(BaseModel):
    """A verdict as it is kept.

    Attributes:
        verdict_id: Its number.
        event_id: The event.
        case_id: The case that it belonged to then.
        verdict: What was said.
        reason: Why a false one looked true.
        boxes: Where things really are.
        issue_code: The event's type.
        score: Its score.
        model_name: The model that saw it.
        model_version: Which version.
        picture: The picture that was judged.
        given_by: Who said it.
        given_at: When.
    """

    verdict_id: int
    event_id: EventId
    case_id: CaseId | None
    verdict: VerdictKind
    reason: VerdictReason | None
    boxes: list[CorrectedBox] | None
    issue_code: str
    score: float
    model_name: str
    model_version: str
    picture: Sha256 | None
    given_by: str
    given_at: AwareDatetime


class VerdictPage(BaseModel):
    """Answer to ``GET /v1/verdicts``, newest first.

    Attributes:
        verdicts: Those of this page.
        next_cursor: Pass as ``cursor`` to get the next page; None on the last one.
    """

    verdicts: list[GivenVerdict]
    next_cursor: int | None = None
