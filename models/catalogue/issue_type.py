"""An issue type: one entry of the catalogue, with the rule that recognises it."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.rules.rule import Rule
from models.words import IssueCode, IssueKind

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,63}$")]


class Severity(StrEnum):
    """How much harm an issue does while it lasts."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Default(StrEnum):
    """Whether a camera that lists the type watches for it."""

    ON = "on"
    OFF = "off"
    """Only in a city whose overlay switches it on."""


class Alarm(StrEnum):
    """How soon somebody must know."""

    ROUTINE = "routine"
    IMMEDIATE = "immediate"


class Tier(StrEnum):
    """How near a type is to being recognised by a camera alone."""

    READY = "ready"
    """Common classes and simple rules; public data exists."""
    TRAINABLE = "trainable"
    """Needs classes of its own that a city can label."""
    HARD = "hard"
    """Fine detail, states or actions; expect a person to confirm."""
    NOT_BY_CAMERA = "not_by_camera"
    """No picture shows it."""


class AutoRegister(BaseModel):
    """What an event must show to be registered without a person.

    Attributes:
        allowed: Whether it ever is.
        minimum_score: Least detection score.
        minimum_looks: Least number of looks that showed it.
        minimum_dwell_seconds: Least time between the first and the latest of them, seconds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    allowed: bool = True
    minimum_score: Annotated[float, Field(ge=0, le=1)] = 0.0
    minimum_looks: Annotated[int, Field(ge=1, le=10_000)] = 1
    minimum_dwell_seconds: Annotated[float, Field(ge=0, le=864_000)] = 0.0


class RepairCheckRule(BaseModel):
    """What cameras must see after the handling of a matter.

    Attributes:
        looks: How many healthy looks in a row must show that it is gone; None leaves it to the
            service's settings.
        closes: Whether the case is closed then without a person.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    looks: Annotated[int, Field(ge=1, le=20)] | None = None
    closes: bool = False


class IssueType(BaseModel):
    """One entry of the issue catalogue.

    Attributes:
        code: Five digits: two for the major class, three for the minor one.
        slug: English name in snake_case, unique.
        name_zh: Chinese name.
        name_en: English name.
        kind: What the matter is about.
        department: Key of the department that handles it.
        severity: How much harm it does.
        time_limit_hours: Handling limit, in hours of ``time_limit_clock``.
        time_limit_clock: ``urgent`` runs day and night, ``work`` in working hours only.
        time_limit_source: ``published`` by a city for this matter, taken over from an
            ``analogous`` one, or a ``proposal`` of ours.
        source: ``standard`` codes are GB/T 47678.5's; ``catalogue`` ones were seen in other
            catalogues and have a code of our own; ``own`` ones are our proposals.
        seen_in: Where a type that is not of the standard was seen.
        tier: How near it is to being recognised.
        default: Whether a camera that lists it watches for it without the city's own word.
        alarm: How soon somebody must know.
        auto_register: What an event of it must show to be registered without a person; None
            leaves it to the service's settings. One that a person or a permit register must
            confirm never is.
        repair_check: What cameras must see after its handling, and whether that closes it; None
            leaves it to the service's settings and a person.
        parent_code: The type it is a special case of.
        code_gbt30428: IssueCode of the matter in GB/T 30428.2-2013.
        code_gbt30428_origin: Whether that code is the standard's, ``inferred`` by comparison, or
            a ``local`` extension of one city.
        code_cjt214: IssueCode of the matter in CJ/T 214-2007.
        notes: What a user of the entry should know.
        rule: When it is there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: IssueCode
    slug: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name_zh: Annotated[str, Field(min_length=1)]
    name_en: Annotated[str, Field(min_length=1)]
    kind: IssueKind = IssueKind.EVENT
    department: Key
    severity: Severity
    time_limit_hours: Annotated[float, Field(gt=0)]
    time_limit_clock: Literal["urgent", "work"]
    time_limit_source: Literal["published", "analogous", "proposal"] = "proposal"
    source: Literal["standard", "catalogue", "own"]
    seen_in: str | None = None
    tier: Tier = Tier.TRAINABLE
    default: Default = Default.ON
    alarm: Alarm = Alarm.ROUTINE
    auto_register: AutoRegister | None = None
    repair_check: RepairCheckRule | None = None
    parent_code: IssueCode | None = None
    code_gbt30428: Annotated[str, Field(pattern=r"^[0-9]{4}$")] | None = None
    code_gbt30428_origin: Literal["standard", "inferred", "local"] = "standard"
    code_cjt214: Annotated[str, Field(pattern=r"^[0-9]{4}$")] | None = None
    notes: str | None = None
    rule: Rule

    @property
    def unseeable(self) -> str | None:
        """Why no street camera can recognise it, in words; None if one can."""
        if self.rule.needs:
            return f"it needs {', '.join(need.replace('_', ' ') for need in self.rule.needs)}"
        return "no picture shows it" if self.tier is Tier.NOT_BY_CAMERA else None
