"""Relations: what else must be seen, or must not, beside or upon an object."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.words import VisualClass


class RelationKind(StrEnum):
    """How another object lies to the one the rule is about."""

    NEAR = "near"
    """No farther than ``reach`` from box to box."""
    ON = "on"
    """Our object stands on it: our foot point lies in its box, or just above it."""
    CARRIED = "carried"
    """It lies upon ours: at least ``share`` of its box is covered by ours."""
    AT_TOP = "at_top"
    """As ``carried``, within the upper third of our box: a helmet on a worker's head."""
    SAME_ZONE = "same_zone"
    """It is in the same zone, wherever."""


class Relation(BaseModel):
    """Another object that must be there, or must not.

    Attributes:
        classes: Visual classes of the other object, any of which counts.
        kind: How it must lie.
        reach: For ``near``: the gap between the boxes, as a multiple of the larger one's height.
        reach_m: For ``near``, instead of ``reach``: metres on the ground, between foot points.
            Without calibration the rule is held.
        share: For ``carried`` and ``at_top``: how much of the other's box ours must cover.
        minimum_score: Lowest score of the other object; None as in a rule.
        at_least: How many there must be.
        at_most: How many there may be; ``at_least: 0, at_most: 0`` means "without".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    classes: Annotated[tuple[VisualClass, ...], Field(min_length=1)]
    kind: RelationKind
    reach: Annotated[float, Field(ge=0, le=20)] | None = None
    reach_m: Annotated[float, Field(gt=0, le=500)] | None = None
    share: Annotated[float, Field(gt=0, le=1)] = 0.5
    minimum_score: Annotated[float, Field(gt=0, lt=1)] | None = None
    at_least: Annotated[int, Field(ge=0)] = 1
    at_most: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        reaches = [value for value in (self.reach, self.reach_m) if value is not None]
        if len(reaches) != (1 if self.kind is RelationKind.NEAR else 0):
            raise ValueError(
                f"relation {self.kind} with reach {self.reach} and reach_m {self.reach_m}: near "
                "needs one of them, the others none"
            )
        if self.at_most is not None and self.at_most < self.at_least:
            raise ValueError(
                f"relation {self.kind}: at_most {self.at_most} is less than at_least "
                f"{self.at_least}; for 'without' write at_least: 0, at_most: 0"
            )
        if self.at_least == 0 and self.at_most is None:
            raise ValueError(f"relation {self.kind}: at_least 0 without at_most asks for nothing")
        return self

    @property
    def needs_calibration(self) -> bool:
        """Whether it is measured in metres."""
        return self.reach_m is not None
