"""Watched rules: the catalogue's rules as one camera watches for them."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import numpy as np

from detector.geometry.zone_membership import Membership
from detector.rules.look_view import LookView
from detector.rules.motion_limits import crossed, perhaps_within, surely_within
from models.rules.class_needs import class_needs
from models.rules.rule import Motion, Rule, WatchFor
from models.rules.schedule import Schedule


@dataclass(frozen=True, slots=True)
class WatchedZone:
    """A zone in which a rule can hold.

    Attributes:
        zone_id: The camera's zone, or None for the whole picture.
        row: Its row in a ``Membership``, or None for the whole picture.
    """

    zone_id: str | None
    row: int | None


@dataclass(frozen=True, slots=True)
class SilencingZones:
    """Zones that silence a rule for what stands in them.

    Attributes:
        rows: Their rows in a ``Membership``.
        when: When they do.
    """

    rows: tuple[int, ...]
    when: Schedule


@dataclass(frozen=True, slots=True)
class WatchedRule:
    """A rule with this camera's own values and zones.

    Attributes:
        issue_code: Code of the issue type.
        rule: The catalogue's rule, with the camera's own dwell, looks and count.
        zones: Where it can hold; empty if the camera has none of the zones it needs.
        silencing: Zones that silence it.
        lines: Indices of the camera's lines whose crossing it watches for, one for each of
            ``zones``; empty where it watches for none.
        rows: Rows of its zones in a ``Membership``; empty for the whole picture.
    """

    issue_code: str
    rule: Rule
    zones: tuple[WatchedZone, ...]
    silencing: tuple[SilencingZones, ...]
    lines: tuple[int, ...] = ()
    _always: bool = field(init=False)
    rows: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        rows = tuple(zone.row for zone in self.zones if zone.row is not None)
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "_always", self.rule.when.always)

    @property
    def needs_memory(self) -> bool:
        """Whether it has to know which objects stand."""
        return self.follows_objects or self.rule.motion is not Motion.ANY

    @property
    def needs_tracks(self) -> bool:
        """Whether it has to know how objects move.

        What stands is known by its place: a track would say so no sooner, so that it is asked
        only where it is there for another rule.
        """
        return self.rule.motion is Motion.MOVING or self.limits_speed or bool(self.lines)

    @property
    def leaves_open(self) -> bool:
        """Whether a look may not tell of a box if it counts."""
        return self.limits_speed or self.rule.not_in_reference

    @property
    def limits_speed(self) -> bool:
        """Whether it asks how fast objects go, which takes a camera that is looked at fast."""
        return self.rule.limits_speed

    @property
    def follows_objects(self) -> bool:
        """Whether it is about single things, each remembered by its place."""
        return self.rule.same_object or self.rule.watch_for is WatchFor.DISAPPEARANCE

    def holds_at(self, local_time: datetime, public_holidays: Collection[date]) -> bool:
        """Whether a local time lies in its schedule."""
        return self._always or self.rule.when.contains(local_time, public_holidays)

    def can_be_judged(self, class_names: Collection[str]) -> bool:
        """Whether the models that looked know the classes it cannot do without."""
        return all(need.is_met(class_names) for need in class_needs(self.rule))

    @property
    def asks_of_each_box(self) -> bool:
        """Whether motion, relations and the like decide which of its boxes count.

        What is absent or gone has none of them.
        """
        return self.rule.same_object or self.rule.watch_for is WatchFor.PRESENCE

    def crossed(self, view: LookView) -> Membership:
        """Which boxes have crossed which of its lines as it asks: shape (lines, n)."""
        if self.rule.crossing is None:
            raise ValueError(f"issue type {self.issue_code} watches for no crossing")
        return crossed(self.rule.crossing, view.tracks.crossed[list(self.lines)])

    def sure(self, view: LookView, counted: Membership) -> Membership:
        """Which boxes surely go as fast as it asks and are new, if it asks that: (zones, n).

        Args:
            view: The look.
            counted: Shape (zones, n): boxes that count in every other way.
        """
        if self.limits_speed:
            counted = counted & surely_within(self.rule, view.tracks.speeds)
        if self.rule.not_in_reference:
            counted = counted & view.change.surely_new(view.found.boxes, np.any(counted, axis=0))
        return counted

    def possible(self, view: LookView, counted: Membership) -> Membership:
        """Which boxes may go as fast as it asks and be new, those that cannot be told included."""
        if self.limits_speed:
            counted = counted & perhaps_within(self.rule, view.tracks.speeds)
        if self.rule.not_in_reference:
            counted = counted & view.change.perhaps_new(view.found.boxes, np.any(counted, axis=0))
        return counted

    @property
    def occasion(self) -> "WatchedRule | None":
        """What must be in a zone for its absence rule to ask there, as a rule of its own."""
        if not self.rule.while_present:
            return None
        rule = self.rule
        there = Rule(classes=rule.while_present, zones=rule.zones, placement=rule.placement)
        return replace(self, rule=there)

    @property
    def goes_by_objects(self) -> bool:
        """Whether it counts where an object stands, and not where its box shook to."""
        return self.follows_objects or self.rule.motion is Motion.STANDING
