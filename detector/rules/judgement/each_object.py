"""Rules about each standing object alone."""

from collections.abc import Collection, Sequence

import numpy as np

from detector.objects.object_memory import RememberedObject
from detector.objects.presence import Presence
from detector.rules.judgement.past_sightings import PastSightings
from detector.rules.judgement.suspicion import (
    ShownBoxes,
    Suspicion,
    cleared,
    kept_suspicions,
    open_sightings,
    presence_of,
    taken_up,
)
from detector.rules.judgement.watch_state import RuleState
from detector.rules.look_view import LookView
from detector.rules.selection.counted_boxes import RuleBoxes
from detector.rules.watched_rule import WatchedRule
from detector.sighting import Sighting, SightingChange
from streams.look_moment import LookMoment

# How far, in diagonals of its box, an object may have gone between two looks and be the one
# that left: a car that moves up in a queue or corrects its parking.
MOVED_ON_DIAGONALS = 2.0


class EachObject:
    """A rule about each standing object alone: there is one sighting per object.

    An object that was sighted and is missing may be the very one that appears beside its
    place; that one becomes a sighting only after the missing one has been cleared.
    """

    def __init__(self, watched: WatchedRule) -> None:
        self._watched = watched
        self._suspicions: dict[RememberedObject, Suspicion] = {}
        self._past = PastSightings(watched.rule)

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

    def state(self, objects: Sequence[RememberedObject]) -> RuleState:
        """What it has its eye on, to be kept.

        Args:
            objects: The camera's remembered objects, among them all that it follows.
        """
        return RuleState(
            issue_code=self._watched.issue_code,
            suspicions=kept_suspicions(self._suspicions, objects),
            cool_downs=self._past.cool_downs(),
            past_sightings=self._past.states(),
        )

    def take_up(self, state: RuleState, objects: Sequence[RememberedObject]) -> list[Sighting]:
        """Go on where an earlier run ended; returns sightings whose zone is gone."""
        self._past.restore(state)
        earlier = taken_up(self._watched, state, objects)
        self._suspicions.update(earlier.suspicions)
        return earlier.left_over

    @property
    def is_idle(self) -> bool:
        """Whether a look without candidates would change nothing."""
        return not self._suspicions

    def judge(self, view: LookView, boxes: RuleBoxes) -> list[SightingChange]:
        """Judge a look: each remembered object for itself."""
        shown: dict[RememberedObject, tuple[int, str | None]] = {}
        if self._watched.holds_at(view.local_time, view.public_holidays):
            for index, zone in boxes.first_zones().items():
                remembered = view.objects[index]
                if remembered is not None:
                    shown[remembered] = (index, self._watched.zones[zone].zone_id)
        changes = self._miss_others(shown, self._left_open(view, boxes), view.moment)
        for remembered, (index, zone_id) in shown.items():
            change = self._show(remembered, zone_id, view, index)
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
        self, remembered: RememberedObject, zone_id: str | None, view: LookView, index: int
    ) -> SightingChange | None:
        moment = view.moment
        suspicion = self._suspicions.get(remembered)
        if suspicion is None:
            suspicion = Suspicion(self._watched, Presence.begun(moment))
            self._suspicions[remembered] = suspicion
        else:
            suspicion.presence.see(moment)
        if suspicion.sighting is not None:
            return suspicion.carry_on(suspicion.sighting, ShownBoxes.one(view.found, index))
        if not suspicion.is_ripe or self._may_be_one_that_left(remembered, suspicion):
            return None
        shown = ShownBoxes.one(view.found, index)
        return self._past.opened(suspicion, zone_id, remembered.place, shown)

    def _may_be_one_that_left(self, remembered: RememberedObject, suspicion: Suspicion) -> bool:
        return any(
            other.sighting is not None
            and missing.group == remembered.group
            and not missing.seen_now
            and missing.presence.last_seen < suspicion.presence.first_seen
            and _are_near(missing, remembered)
            for missing, other in self._suspicions.items()
        )

    def _left_open(self, view: LookView, boxes: RuleBoxes) -> set[RememberedObject]:
        """Objects of which this look does not tell if they count."""
        if boxes.possible is boxes.sure:
            return set()
        objects = [view.objects[index] for indices in boxes.possible for index in indices]
        return {remembered for remembered in objects if remembered is not None}

    def _miss_others(
        self,
        shown: Collection[RememberedObject],
        left_open: Collection[RememberedObject],
        moment: LookMoment,
    ) -> list[SightingChange]:
        changes = []
        missed = [
            one
            for one in self._suspicions
            if one not in shown and one not in left_open and not one.is_behind_others
        ]
        for remembered in missed:
            suspicion = self._suspicions[remembered]
            suspicion.miss(moment)
            if suspicion.is_over:
                del self._suspicions[remembered]
                if suspicion.sighting is not None:
                    self._past.end(suspicion.sighting, remembered.place, moment.captured_at)
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
