"""The rule: when what a camera sees is an issue."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.rules.confirmation import Confirmation
from models.rules.crossing import Crossing
from models.rules.placement import ExcludedZone, Placement
from models.rules.relation import Relation
from models.rules.schedule import Schedule
from models.rules.size_limits import SizeLimits
from models.words import ConfirmedBy, IssueCode, VisualClass
from streams.camera_health.camera_fault import CameraFault
from streams.zone import ZoneKind

# What the catalogue's rules were written for; a better one for a class belongs into a card.
DEFAULT_MINIMUM_SCORE = 0.4
"""Score from which a box counts where neither the rule nor the model's card says another."""

# What was put in order last week and is there again was not put in order; later it is new.
DEFAULT_RECURRENCE_SECONDS = 7 * 86_400.0

Score = Annotated[float, Field(gt=0, lt=1)]


class WatchFor(StrEnum):
    """What a rule waits for."""

    PRESENCE = "presence"
    """Objects of its classes are there."""
    ABSENCE = "absence"
    """No object of its classes is in the zone where one should be."""
    DISAPPEARANCE = "disappearance"
    """An object that stood there for long is gone: a manhole cover."""
    CHANGE = "change"
    """The zone no longer looks as in the camera's reference picture."""
    CAMERA_FAULT = "camera_fault"
    """The camera itself cannot be trusted."""


class ClassMatch(StrEnum):
    """How many of a rule's classes must be there."""

    ANY = "any"
    ALL = "all"


class Motion(StrEnum):
    """Whether an object must stand or move."""

    ANY = "any"
    STANDING = "standing"
    MOVING = "moving"
    WORKING = "working"
    """It moves, or stays in its place and changes its outline, as a digger that swings its arm."""


class OutsideKnowledge(StrEnum):
    """What a rule would have to know that no street camera shows."""

    THERMAL_CAMERA = "thermal_camera"
    SOUND = "sound"
    SMELL = "smell"
    DRY_WEATHER = "dry_weather"
    WATER_LEVEL = "water_level"
    SIGNAL_PHASES = "signal_phases"
    COMPONENT_REGISTER = "component_register"
    TEXT_READING = "text_reading"
    ACTION_RECOGNITION = "action_recognition"
    SEQUENCE_OF_ACTIONS = "sequence_of_actions"
    INSPECTION_ON_SITE = "inspection_on_site"


class Rule(BaseModel):
    """When an issue is there. What is left out does not limit it.

    Attributes:
        watch_for: What is waited for.
        classes: Visual classes the rule is about; of a ``change``, those that do not count as
            one (people and vehicles pass by).
        match: Whether any of the classes will do, or each must be in the zone.
        minimum_score: Detections below it are not looked at. None leaves it to the card of the
            model, which may have a threshold for the class, and else to DEFAULT_MINIMUM_SCORE.
        minimum_scores: The same for single classes.
        size: How large each object must be.
        zones: Zone kinds, any of them, in which it can be; empty means the whole picture.
        excluded_zones: Zone kinds that silence the rule for what stands in them.
        placement: What "in a zone" means.
        when: Hours, days and dates at which the rule holds.
        motion: Whether objects must stand or move. ``same_object`` follows standing ones.
        minimum_speed_kmh: How fast each object must go, kilometres an hour; needs calibration and
            a camera that is looked at without pause. What cannot be told neither begins nor
            ends anything.
        maximum_speed_kmh: The same, at most.
        crossing: Which lines each object must pass over. It is an instant: the issue is there in
            the look that shows it on the other side, so that neither dwell nor more than one
            look can be asked for.
        relations: What else must be seen with each object, or must not; all of them.
        instead_of: Codes of more general issue types: while it holds for an object, that object
            does not count for theirs, so that one bus is one matter.
        while_present: Of an ``absence``: classes, any of which must be in the zone for it to
            count (no hoarding while an excavator digs).
        not_in_reference: Whether an object counts only where the picture differs from the
            camera's reference picture: what always stood there is no issue.
        minimum_change: Of a ``change``: the share of the zone that must look different.
        minimum_count: How many objects must be there at the same time.
        minimum_density: How many per 100 square metres of the zone; needs calibration.
        minimum_zone_share: Share of the zone's area that the boxes must cover together.
        same_object: True where each standing object is an issue of its own (a parked car);
            False where the zone as a whole is (a crowd).
        dwell_seconds: How long it must have lasted.
        minimum_looks: In how many looks it must have been seen.
        established_seconds: Of a ``disappearance``: how long a thing must have stood to count
            as one that belongs there.
        clear_after_looks: Looks in a row without it after which it counts as gone.
        clear_after_seconds: How long those looks must have taken at least, so that a camera
            that looks often does not clear too soon.
        cool_down_seconds: For so long after it has cleared, it is not reported again there.
        recurrence_seconds: What opens there within so long after it has cleared is reported as
            its recurrence; 0 for never. What crosses a line is another thing each time.
        faults: Of a ``camera_fault``: which.
        needs: What the rule would have to know beyond the picture; with any of these it is
            never watched, and the coverage table says why.
        confirmation: Who must agree before dispatch, or None.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    watch_for: WatchFor = WatchFor.PRESENCE
    classes: tuple[VisualClass, ...] = ()
    match: ClassMatch = ClassMatch.ANY
    minimum_score: Score | None = None
    minimum_scores: dict[VisualClass, Score] = {}
    size: SizeLimits = SizeLimits()
    zones: tuple[ZoneKind, ...] = ()
    excluded_zones: tuple[ExcludedZone, ...] = ()
    placement: Placement = Placement()
    when: Schedule = Schedule()
    motion: Motion = Motion.ANY
    minimum_speed_kmh: Annotated[float, Field(gt=0, le=300)] | None = None
    maximum_speed_kmh: Annotated[float, Field(gt=0, le=300)] | None = None
    crossing: Crossing | None = None
    relations: tuple[Relation, ...] = ()
    instead_of: tuple[IssueCode, ...] = ()
    while_present: tuple[VisualClass, ...] = ()
    not_in_reference: bool = False
    minimum_change: Annotated[float, Field(gt=0, le=1)] | None = None
    minimum_count: Annotated[int, Field(ge=1)] = 1
    minimum_density: Annotated[float, Field(gt=0)] | None = None
    minimum_zone_share: Annotated[float, Field(gt=0, le=1)] | None = None
    same_object: bool = False
    dwell_seconds: Annotated[float, Field(ge=0)] = 0.0
    minimum_looks: Annotated[int, Field(ge=1)] = 3
    established_seconds: Annotated[float, Field(gt=0)] | None = None
    clear_after_looks: Annotated[int, Field(ge=1)] = 5
    clear_after_seconds: Annotated[float, Field(ge=0)] = 0.0
    cool_down_seconds: Annotated[float, Field(ge=0)] = 0.0
    recurrence_seconds: Annotated[float, Field(ge=0)] = DEFAULT_RECURRENCE_SECONDS
    faults: tuple[CameraFault, ...] = ()
    needs: tuple[OutsideKnowledge, ...] = ()
    confirmation: Confirmation | None = None

    @property
    def seen_classes(self) -> tuple[str, ...]:
        """Every class a model must look for so that the rule can be judged, each once."""
        related = (name for relation in self.relations for name in relation.classes)
        return tuple(dict.fromkeys((*self.classes, *self.while_present, *related)))

    @property
    def second_model(self) -> Confirmation | None:
        """How its events are confirmed, if a second model does that."""
        asked = self.confirmation
        return asked if asked is not None and asked.by is ConfirmedBy.SECOND_MODEL else None

    @property
    def needs_reference(self) -> bool:
        """Whether it compares with the camera's reference picture."""
        return self.not_in_reference or self.watch_for is WatchFor.CHANGE

    @property
    def limits_speed(self) -> bool:
        """Whether it asks how fast objects go on the ground."""
        return self.minimum_speed_kmh is not None or self.maximum_speed_kmh is not None

    @property
    def needs_calibration(self) -> bool:
        """Whether it measures in metres."""
        return (
            self.size.needs_calibration
            or self.limits_speed
            or self.minimum_density is not None
            or any(relation.needs_calibration for relation in self.relations)
        )

    @model_validator(mode="after")
    def _one_object_is_counted_alone(self) -> Self:
        if not self.same_object:
            return self
        if self.minimum_count != 1:
            raise ValueError(
                f"minimum_count {self.minimum_count} with same_object: a rule that follows each "
                "object alone counts one; set same_object: false to count objects in a zone"
            )
        together = {
            "match: all": self.match is ClassMatch.ALL,
            "minimum_density": self.minimum_density is not None,
            "minimum_zone_share": self.minimum_zone_share is not None,
            f"motion: {self.motion}": self.motion in {Motion.MOVING, Motion.WORKING},
            "watch_for: change": self.watch_for is WatchFor.CHANGE,
            "minimum_speed_kmh": self.minimum_speed_kmh is not None,
            "maximum_speed_kmh": self.maximum_speed_kmh is not None,
            "crossing": self.crossing is not None,
        }
        for name, wanted in together.items():
            if wanted:
                raise ValueError(
                    f"{name} with same_object: a rule that follows each standing object alone "
                    "cannot ask for it; set same_object: false"
                )
        return self

    @model_validator(mode="before")
    @classmethod
    def _crossing_takes_one_look(cls, value: object) -> object:
        if isinstance(value, dict) and value.get("crossing") is not None:
            return {"minimum_looks": 1} | value
        return value

    @model_validator(mode="after")
    def _crossing_is_an_instant(self) -> Self:
        lasting = {
            "dwell_seconds": self.dwell_seconds > 0,
            "minimum_looks": self.minimum_looks > 1,
            "minimum_count": self.minimum_count > 1,
            "match: all": self.match is ClassMatch.ALL,
            "motion: standing": self.motion is Motion.STANDING,
            "zones": bool(self.zones),
            "watch_for": self.watch_for is not WatchFor.PRESENCE,
        }
        for name, asked in lasting.items():
            if asked and self.crossing is not None:
                raise ValueError(
                    f"{name} with crossing: a crossing is the instant in which one object "
                    "passes over a line, and the line says where; leave it out"
                )
        return self

    @model_validator(mode="after")
    def _speeds_leave_room(self) -> Self:
        least, most = self.minimum_speed_kmh, self.maximum_speed_kmh
        if least is not None and most is not None and least > most:
            raise ValueError(
                f"minimum_speed_kmh {least:g} is more than maximum_speed_kmh {most:g}; nothing "
                "could go at that speed"
            )
        if self.limits_speed and self.watch_for is not WatchFor.PRESENCE:
            raise ValueError(
                f"a speed belongs to watch_for: {WatchFor.PRESENCE}; this rule watches for "
                f"{self.watch_for}"
            )
        return self

    @model_validator(mode="after")
    def _knows_what_it_looks_for(self) -> Self:
        if self.needs:
            return self
        classless = self.watch_for in {WatchFor.CHANGE, WatchFor.CAMERA_FAULT}
        if not self.classes and not classless:
            raise ValueError(
                f"classes is empty: a rule that watches for {self.watch_for} names some"
            )
        belongings = {
            "faults": (WatchFor.CAMERA_FAULT, bool(self.faults)),
            "minimum_change": (WatchFor.CHANGE, self.minimum_change is not None),
            "established_seconds": (
                WatchFor.DISAPPEARANCE,
                self.established_seconds is not None,
            ),
        }
        for field, (kind, given) in belongings.items():
            if given and self.watch_for is not kind:
                raise ValueError(
                    f"{field} belongs to watch_for: {kind}; this rule watches for {self.watch_for}"
                )
            if self.watch_for is kind and not given:
                raise ValueError(f"watch_for: {kind} without {field}; it needs one")
        if self.while_present and self.watch_for is not WatchFor.ABSENCE:
            raise ValueError(
                f"while_present belongs to watch_for: absence; this rule watches for "
                f"{self.watch_for}; use relations instead"
            )
        return self

    @model_validator(mode="after")
    def _needs_a_zone_where_it_judges_one(self) -> Self:
        zone_wide = {
            "watch_for: absence": self.watch_for is WatchFor.ABSENCE,
            "watch_for: change": self.watch_for is WatchFor.CHANGE,
            "minimum_zone_share": self.minimum_zone_share is not None,
            "minimum_density": self.minimum_density is not None,
            "placement": self.placement != Placement(),
        }
        for name, asked in zone_wide.items():
            if asked and not self.zones and not self.needs:
                raise ValueError(f"{name} without zones: name the zone kinds that it is about")
        strangers = sorted(set(self.minimum_scores) - set(self.classes))
        if strangers:
            raise ValueError(f"minimum_scores names {strangers}, which are not among the classes")
        return self

    @model_validator(mode="after")
    def _second_model_has_something_to_see(self) -> Self:
        by = None if self.confirmation is None else self.confirmation.by
        if by is ConfirmedBy.SECOND_MODEL and self.watch_for is not WatchFor.PRESENCE:
            raise ValueError(
                f"confirmation by {by} belongs to watch_for: {WatchFor.PRESENCE}; this rule "
                f"watches for {self.watch_for}, and nothing stands where the model would look"
            )
        return self
