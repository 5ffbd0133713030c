"""Rule evaluation: what a look means for each rule a camera watches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Protocol

import numpy as np
import numpy.typing as npt

from detector.class_groups import FoundObjects
from detector.look_moment import LookMoment
from detector.object_memory import RememberedObject
from detector.presence import Presence
from detector.sighting import Sighting, SightingChange
from detector.suspicion import Suspicion, cleared, open_sightings, presence_of
from detector.watched_rule import WatchedRule
from detector.zone_membership import Membership

# How far, in diagonals of its box, an object may have gone between two looks and be the one
# that left: a car that moves up in a queue or corrects its parking.
MOVED_ON_DIAGONALS = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class LookView:
    """One look, as rules see it.

    Attributes:
        moment: When it was.
        local_time: The same in the district's time zone.
        found: The boxes that matter to any rule.
        objects: The remembered object of each box, None where its class is not remembered.
        boxes_inside: Which boxes' foot points lie in which zones: (zones, n).
        places_inside: The same by where the remembered objects stand.
    """

    moment: LookMoment
    local_time: time
    found: FoundObjects
    objects: Sequence[RememberedObject | None]
    boxes_inside: Membership
    places_inside: Membership


class RuleEvaluation(Protocol):
    """One rule at work; belongs to the thread of its ``IssueWatch``."""

    def look(self, view: LookView) -> list[SightingChange]:
        """Judge a look and return what changed, in a stable order."""
        ...

    def open_sightings(self) -> list[Sighting]:
        """The rule's sightings that stand now."""
        ...

    def followed(self) -> list[RememberedObject]:
        """Objects that the memory must keep, as sightings hang on them."""
        ...


class ZoneCount:
    """A rule about a zone as a whole: enough objects are in it at the same time.

    There is at most one sighting per zone. Fewer objects than asked for, for less than
    ``clear_after_looks`` looks in a row, do not end it.
    """

    def __init__(self, watched: WatchedRule) -> None:
        self._watched = watched
        self._suspicions: dict[str | None, Suspicion] = {}

    def restore(self, sighting: Sighting) -> bool:
        """Take up a sighting from before a restart; False if no zone is left for it."""
        known_zones = {zone.zone_id for zone in self._watched.zones}
        if sighting.zone_id not in known_zones or sighting.zone_id in self._suspicions:
            return False
        self._suspicions[sighting.zone_id] = Suspicion.standing(self._watched, sighting)
        return True

    def look(self, view: LookView) -> list[SightingChange]:
        """Judge a look: one count per zone."""
        counted = self._watched.candidates(view.found)
        inside = view.boxes_inside
        if self._watched.rule.standing:
            inside = view.places_inside
            counted = counted & np.array(
                [remembered is not None and remembered.stands for remembered in view.objects],
                np.bool_,
            )
        members = self._watched.placed(inside) & counted
        holds = self._watched.holds_at(view.local_time)
        changes = []
        for zone, in_zone in zip(self._watched.zones, members, strict=True):
            chosen = np.flatnonzero(in_zone)
            enough = holds and len(chosen) >= self._watched.rule.minimum_count
            change = (
                self._show(zone.zone_id, view, chosen)
                if enough
                else self._miss(zone.zone_id, view.moment)
            )
            if change is not None:
                changes.append(change)
        return changes

    def open_sightings(self) -> list[Sighting]:
        """The rule's sightings that stand now."""
        return open_sightings(self._suspicions.values())

    def followed(self) -> list[RememberedObject]:
        """None: a count does not hang on single objects."""
        return []

    def _show(
        self, zone_id: str | None, view: LookView, chosen: npt.NDArray[np.intp]
    ) -> SightingChange | None:
        suspicion = self._suspicions.get(zone_id)
        if suspicion is None:
            suspicion = Suspicion(self._watched, Presence.begun(view.moment))
            self._suspicions[zone_id] = suspicion
        else:
            suspicion.presence.see(view.moment)
        if suspicion.sighting is not None:
            return suspicion.carry_on(suspicion.sighting, view.found, chosen)
        return suspicion.open(zone_id, view.found, chosen) if suspicion.is_ripe else None

    def _miss(self, zone_id: str | None, moment: LookMoment) -> SightingChange | None:
        suspicion = self._suspicions.get(zone_id)
        if suspicion is None:
            return None
        suspicion.miss(moment)
        if not suspicion.is_over:
            return None
        del self._suspicions[zone_id]
        return None if suspicion.sighting is None else cleared(suspicion.sighting, moment)


class EachObject:
    """A rule about each standing object alone: there is one sighting per object.

    An object that was sighted and is missing may be the very one that appears beside its
    place; that one becomes a sighting only after the missing one has been cleared.
    """

    def __init__(self, watched: WatchedRule) -> None:
        self._watched = watched
        self._suspicions: dict[RememberedObject, Suspicion] = {}

    def restore(self, sighting: Sighting, remembered: RememberedObject) -> bool:
        """Take up a sighting from before a restart.

        Returns:
            False if its zone is gone or its object already has a sighting of this type.
        """
        known_zones = {zone.zone_id for zone in self._watched.zones}
        if sighting.zone_id not in known_zones or remembered in self._suspicions:
            return False
        self._suspicions[remembered] = Suspicion.standing(self._watched, sighting)
        return True

    def look(self, view: LookView) -> list[SightingChange]:
        """Judge a look: each remembered object for itself."""
        placed = self._watched.placed(view.places_inside)
        shown: dict[RememberedObject, tuple[int, str | None]] = {}
        if self._watched.holds_at(view.local_time) and len(placed):
            holds = self._watched.candidates(view.found) & placed.any(axis=0)
            for index in np.flatnonzero(holds).tolist():
                remembered = view.objects[index]
                if remembered is not None:
                    zone = self._watched.zones[int(placed[:, index].argmax())]
                    shown[remembered] = (index, zone.zone_id)
        changes = self._miss_others(shown, view.moment)
        for remembered, (index, zone_id) in shown.items():
            change = self._show(remembered, zone_id, view, np.array([index]))
            if change is not None:
                changes.append(change)
        return changes

    def open_sightings(self) -> list[Sighting]:
        """The rule's sightings that stand now."""
        return open_sightings(self._suspicions.values())

    def followed(self) -> list[RememberedObject]:
        """The objects of the open sightings."""
        return [
            remembered
            for remembered, suspicion in self._suspicions.items()
            if suspicion.sighting is not None
        ]

    def _show(
        self,
        remembered: RememberedObject,
        zone_id: str | None,
        view: LookView,
        chosen: npt.NDArray[np.intp],
    ) -> SightingChange | None:
        suspicion = self._suspicions.get(remembered)
        if suspicion is None:
            suspicion = Suspicion(self._watched, Presence.begun(view.moment))
            self._suspicions[remembered] = suspicion
        else:
            suspicion.presence.see(view.moment)
        if suspicion.sighting is not None:
            return suspicion.carry_on(suspicion.sighting, view.found, chosen)
        if suspicion.is_ripe and not self._may_be_one_that_left(remembered, suspicion):
            return suspicion.open(zone_id, view.found, chosen)
        return None

    def _may_be_one_that_left(self, remembered: RememberedObject, suspicion: Suspicion) -> bool:
        return any(
            other.sighting is not None
            and missing.group == remembered.group
            and not missing.seen_now
            and missing.presence.last_seen < suspicion.presence.first_seen
            and _are_near(missing, remembered)
            for missing, other in self._suspicions.items()
        )

    def _miss_others(
        self, shown: dict[RememberedObject, tuple[int, str | None]], moment: LookMoment
    ) -> list[SightingChange]:
        changes = []
        for remembered in [known for known in self._suspicions if known not in shown]:
            suspicion = self._suspicions[remembered]
            suspicion.miss(moment)
            if suspicion.is_over:
                del self._suspicions[remembered]
                if suspicion.sighting is not None:
                    changes.append(cleared(suspicion.sighting, moment))
        return changes


def remembered_from(sighting: Sighting, group: str) -> RememberedObject:
    """The object that an open sighting of one object hangs on."""
    return RememberedObject(group, sighting.boxes[0].copy(), presence_of(sighting))


def _are_near(first: RememberedObject, second: RememberedObject) -> bool:
    centres = [(place[:2] + place[2:]) / 2 for place in (first.place, second.place)]
    diagonals = [
        float(np.linalg.norm(place[2:] - place[:2])) for place in (first.place, second.place)
    ]
    distance = float(np.linalg.norm(centres[0] - centres[1]))
    return distance <= MOVED_ON_DIAGONALS * max(diagonals)
