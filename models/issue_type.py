"""An issue type: one entry of the catalogue, with the rule that recognises it."""

from datetime import time
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from streams.zone import ZoneKind

# What the catalogue's rules were written for; a better one for a class belongs into a card.
DEFAULT_MINIMUM_SCORE = 0.4
"""Score from which a box counts where neither the rule nor the model's card says another."""


class Severity(StrEnum):
    """How much harm an issue does while it lasts."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class HoursWindow(BaseModel):
    """A daily span of local time; one that ends before it starts runs over midnight."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: time
    end: time

    def contains(self, moment: time) -> bool:
        """Whether a local wall-clock time lies in the span (start included, end not)."""
        if self.start == self.end:
            return True
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


class Rule(BaseModel):
    """When detections make a sighting.

    Attributes:
        classes: Visual classes, any of which counts.
        minimum_score: Detections below it are not looked at. None leaves it to the card of the
            model, which may have a threshold for the class, and else to DEFAULT_MINIMUM_SCORE.
        zones: Zone kinds the object's foot point must lie in, any of them; empty means the
            whole picture.
        excluded_zones: Zone kinds that silence the rule for objects standing in them.
        dwell_seconds: How long it must have lasted.
        minimum_looks: In how many looks it must have been seen.
        minimum_count: How many objects must be there at the same time.
        same_object: True where each standing object is an issue of its own (a parked car);
            False where the zone as a whole is (a crowd).
        standing: True where only objects that stand still are counted (parked bicycles, a jam);
            False where moving ones count too. ``same_object`` always follows standing ones.
        hours: Local hours in which the rule holds; empty means always.
        clear_after_looks: Looks in a row without it after which it counts as gone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    classes: Annotated[tuple[str, ...], Field(min_length=1)]
    minimum_score: Annotated[float, Field(gt=0, lt=1)] | None = None
    zones: tuple[ZoneKind, ...] = ()
    excluded_zones: tuple[ZoneKind, ...] = ()
    dwell_seconds: Annotated[float, Field(ge=0)] = 0.0
    minimum_looks: Annotated[int, Field(ge=1)] = 3
    minimum_count: Annotated[int, Field(ge=1)] = 1
    same_object: bool = False
    standing: bool = False
    hours: tuple[HoursWindow, ...] = ()
    clear_after_looks: Annotated[int, Field(ge=1)] = 5

    @model_validator(mode="after")
    def _one_object_is_counted_alone(self) -> Self:
        if self.same_object and self.minimum_count != 1:
            raise ValueError(
                f"minimum_count {self.minimum_count} with same_object: a rule that follows each "
                "object alone counts one; set same_object: false to count objects in a zone"
            )
        return self


class IssueType(BaseModel):
    """One entry of the issue catalogue.

    Attributes:
        code: Five digits: two for the major class, three for the minor one.
        slug: English name in snake_case, unique.
        name_zh: Chinese name.
        name_en: English name.
        department_zh: Department that handles it, Chinese.
        department_en: The same, English.
        severity: How much harm it does.
        time_limit_hours: Handling limit, in hours of ``time_limit_clock``.
        time_limit_clock: ``urgent`` runs day and night, ``work`` in working hours only.
        source: ``standard`` codes are GB/T 47678.5's; ``catalogue`` and ``own`` are proposals.
        rule: When it is there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Annotated[str, Field(pattern=r"^\d{5}$")]
    slug: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name_zh: Annotated[str, Field(min_length=1)]
    name_en: Annotated[str, Field(min_length=1)]
    department_zh: Annotated[str, Field(min_length=1)]
    department_en: Annotated[str, Field(min_length=1)]
    severity: Severity
    time_limit_hours: Annotated[float, Field(gt=0)]
    time_limit_clock: Literal["urgent", "work"]
    source: Literal["standard", "catalogue", "own"]
    rule: Rule
