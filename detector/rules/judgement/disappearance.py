"""Disappearance: a thing that stood for long is gone."""

from collections.abc import Sequence

import numpy as np

from detector.objects.class_groups import group_of
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
from detector.sighting import Sighting, SightingChange, looked_for, missing

# Something before a thing hides it when it covers more than this of the thing's place; what
# is hidden is neither there nor gone.
HIDDEN_SHARE = 0.3

# No detector says how sure it is of what it does not see.
_NO_SCORE = np.ones(1, np.float32)


class Disappearance:
    """Watches each thing that has stood for ``established_seconds`` in one of the zones.

    The looks that count are those in which its place lies open and it is not there.

    Args:
        watched: The rule.
    """

    def __init__(self, watched: WatchedRule) -> None:
        self._watched = watched
        self._established_seconds = watched.rule.established_seconds or 0.0
        self._established: dict[RememberedObject, Suspicion | None] = {}
        self._past = PastSightings(watched.rule)

    @property
    def is_idle(self) -> bool:
        """Whether a look without candidates would change nothing."""
        return not self._established

    def restore(self, sighting: Sighting, remembered: RememberedObject) -> bool:
        """Take up a sighting from before a restart; False if its zone is gone."""
        if sighting.zone_id not in {zone.zone_id for zone in self._watched.zones}:
            return False
        self._established[remembered] = Suspicion.standing(self._watched, sighting)
        return True

    def state(self, objects: Sequence[RememberedObject]) -> RuleState:
        """What it has its eye on, to be kept; things that are there stand in the memory."""
        gone = {
            remembered: suspicion
            for remembered, suspicion in self._established.items()
            if suspicion is not None
        }
        return RuleState(
            issue_code=self._watched.issue_code,
            suspicions=kept_suspicions(gone, objects),
            cool_downs=self._past.cool_downs(),
            past_sightings=self._past.states(),
        )

    def take_up(self, state: RuleState, objects: Sequence[RememberedObject]) -> list[Sighting]:
        """Go on where an earlier run ended; returns sightings whose zone is gone."""
        self._past.restore(state)
        earlier = taken_up(self._watched, state, objects)
        self._established.update(earlier.suspicions)
        return earlier.left_over

    def judge(self, view: LookView, boxes: RuleBoxes) -> list[SightingChange]:
        """Judge a look: each established thing for itself."""
        self._establish(view, boxes)
        if not self._watched.holds_at(view.local_time, view.public_holidays):
            return []
        changes = []
        for remembered in list(self._established):
            change = (
                self._is_there(remembered, view)
                if remembered.seen_now
                else self._is_not_there(remembered, view)
            )
            if change is not None:
                changes.append(change)
        return changes

    def open_sightings(self) -> list[Sighting]:
        """The rule's sightings that stand now."""
        return open_sightings(one for one in self._established.values() if one is not None)

    def followed(self) -> list[RememberedObject]:
        """Everything established: it must not be forgotten while it is gone."""
        return list(self._established)

    def _establish(self, view: LookView, boxes: RuleBoxes) -> None:
        for index in boxes.first_zones():
            remembered = view.objects[index]
            if remembered is not None and remembered.presence.has_lasted(
                self._established_seconds, self._watched.rule.minimum_looks
            ):
                self._established.setdefault(remembered, None)

    def _is_there(self, remembered: RememberedObject, view: LookView) -> SightingChange | None:
        suspicion = self._established[remembered]
        if suspicion is None:
            return None
        suspicion.miss(view.moment)
        if not suspicion.is_over:
            return None
        self._established[remembered] = None
        if suspicion.sighting is None:
            return None
        self._past.end(suspicion.sighting, remembered.place, view.moment.captured_at)
        return cleared(suspicion.sighting, view.moment)

    def _is_not_there(self, remembered: RememberedObject, view: LookView) -> SightingChange | None:
        if _is_hidden(remembered, view):
            return None
        suspicion = self._established[remembered]
        if suspicion is None:
            suspicion = Suspicion(self._watched, Presence.begun(view.moment))
            self._established[remembered] = suspicion
        else:
            suspicion.presence.see(view.moment)
        shown = ShownBoxes(
            remembered.place[None], (missing(self._watched.rule.classes[0]),), _NO_SCORE
        )
        if suspicion.sighting is not None:
            return suspicion.carry_on(suspicion.sighting, shown)
        if not suspicion.is_ripe:
            return None
        zone_id = self._zone_of(remembered, view)
        return self._past.opened(suspicion, zone_id, remembered.place, shown)

    def _zone_of(self, remembered: RememberedObject, view: LookView) -> str | None:
        x, y = (remembered.place[0] + remembered.place[2]) / 2, remembered.place[3]
        inside = view.zones.inside(np.array([[x, y]], np.float32))[:, 0]
        for zone in self._watched.zones:
            if zone.row is None or inside[zone.row]:
                return zone.zone_id
        return self._watched.zones[0].zone_id


def _is_hidden(remembered: RememberedObject, view: LookView) -> bool:
    place, boxes = remembered.place, view.in_the_way
    if not len(boxes):
        return False
    low, high = np.maximum(place[:2], boxes[:, :2]), np.minimum(place[2:], boxes[:, 2:])
    shared = np.clip(high - low, 0.0, None).prod(axis=1)
    return float(shared.max()) > HIDDEN_SHARE * float((place[2:] - place[:2]).prod())


def gone_from(sighting: Sighting) -> RememberedObject:
    """The thing that an open sighting of a disappearance is about."""
    presence = presence_of(sighting)
    presence.missed = presence.looks
    group = group_of(looked_for(sighting.class_names[0]))
    return RememberedObject(group, sighting.boxes[0].copy(), presence)
