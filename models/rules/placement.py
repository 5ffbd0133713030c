"""Placement: what it means that an object is in a zone, and which zones silence a rule."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.rules.schedule import Schedule
from streams.zone import ZoneKind


class PlacedBy(StrEnum):
    """Which part of its box says where an object is."""

    FOOT = "foot"
    """The middle of the lower edge, where it meets the ground."""
    CENTRE = "centre"
    """The middle of the box: for things that hang or float, and for what is seen from above."""
    OVERLAP = "overlap"
    """The share of the box inside the zone, see ``minimum_share``."""


class ZoneRelation(StrEnum):
    """How an object must lie to a zone."""

    INSIDE = "inside"
    """In it, as ``PlacedBy`` says."""
    TOUCHING = "touching"
    """Its box reaches into it, were it only at the edge."""
    CROSSING = "crossing"
    """Its box lies on both sides of the zone's edge."""


class Placement(BaseModel):
    """When an object counts as being in a zone.

    Attributes:
        by: Which part of its box decides, for ``inside``.
        relation: How it must lie.
        minimum_share: With ``by: overlap``, the share of its box that must lie inside.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: PlacedBy = PlacedBy.FOOT
    relation: ZoneRelation = ZoneRelation.INSIDE
    minimum_share: Annotated[float, Field(gt=0, le=1)] | None = None

    @model_validator(mode="after")
    def _share_belongs_to_overlap(self) -> Self:
        by_overlap = self.by is PlacedBy.OVERLAP
        if by_overlap != (self.minimum_share is not None):
            raise ValueError(
                f"placement by {self.by} with minimum_share {self.minimum_share}: a share belongs "
                "to by: overlap, which needs one (0.5 is half of the box)"
            )
        if self.relation is not ZoneRelation.INSIDE and self.by is not PlacedBy.FOOT:
            raise ValueError(
                f"placement {self.relation} by {self.by}: touching and crossing look at the whole "
                "box; leave by out"
            )
        return self


class ExcludedZone(BaseModel):
    """A kind of zone that silences a rule for what stands in it.

    In the catalogue the bare kind may stand instead.

    Attributes:
        kind: Kind of the zone, such as ``allowed_vending``.
        when: When it does; outside, the rule holds there too (a night market by day).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ZoneKind
    when: Schedule = Schedule()

    @model_validator(mode="before")
    @classmethod
    def _from_kind(cls, value: object) -> object:
        return {"kind": value} if isinstance(value, str) else value
