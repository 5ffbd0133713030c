"""Rules about a zone as a whole: there is at most one sighting per zone."""

from collections.abc import Callable, Sequence

from detector.objects.object_memory import RememberedObject
from detector.objects.presence import Presence
from detector.rules.judgement.past_sightings import PastSightings
from detector.rules.judgement.suspicion import (
    ShownBoxes,
    Suspicion,
    Undecided,
    cleared,
    open_sightings,
)
from detector.rules.judgement.watch_state import RuleState
from detector.rules.look_view import LookView
from detector.rules.selection.counted_boxes import RuleBoxes
from detector.rules.watched_rule import WatchedRule
from detector.sighting import Sighting, SightingChange
from models.rules.rule import WatchFor
from streams.look_moment import LookMoment

ZoneJudge = Callable[[WatchedRule, LookView, RuleBoxes], Sequence[ShownBoxes | Undecided | None]]
"""What of a look makes a rule hold in each of its zones, None where it does not.

Takes the rule, the look and the boxes that count for the rule.
"""


class ZoneEvaluation:
    """Watches each zone of a rule for itself.

    Looks in which it does not hold, for less than ``clear_after_looks`` of them in a row, do
    not end a sighting. Looks that do not tell begin nothing and end nothing.

    Args:
        watched: The rule.
        judge: Says in which zones it holds.
    """

    def __init__(self, watched: WatchedRule, judge: ZoneJudge) -> None:
        self._watched = watched
        self._judge = judge
        self._suspicions: dict[str | None, Suspicion] = {}
        self._past = PastSightings(watched.rule)

    def restore(self, sighting: Sighting) -> bool:
        """Take up a sighting from before a restart; False if no zone is left for it."""
        if not self._has_room(sighting.zone_id):
            return False
        self._suspicions[sighting.zone_id] = Suspicion.standing(self._watched, sighting)
        return True

    def state(self, objects: Sequence[RememberedObject]) -> RuleState:
        """What it has its eye on, to be kept."""
        del objects
        return RuleState(
            issue_code=self._watched.issue_code,
            suspicions=tuple(
                suspicion.state(zone_id, None) for zone_id, suspicion in self._suspicions.items()
            ),
            cool_downs=self._past.cool_downs(),
            past_sightings=self._past.states(),
        )

    def take_up(self, state: RuleState, objects: Sequence[RememberedObject]) -> list[Sighting]:
        """Go on where an earlier run ended; returns sightings whose zone is gone."""
        del objects
        self._past.restore(state)
        left_over = []
        for one in state.suspicions:
            suspicion = Suspicion.restored(self._watched, one)
            if self._has_room(one.zone_id):
                self._suspicions[one.zone_id] = suspicion
            elif suspicion.sighting is not None:
                left_over.append(suspicion.sighting)
        return left_over

    @property
    def is_idle(self) -> bool:
        """Whether a look without candidates would change nothing."""
        return not self._suspicions and self._watched.rule.watch_for is WatchFor.PRESENCE

    def judge(self, view: LookView, boxes: RuleBoxes) -> list[SightingChange]:
        """Judge a look: each zone for itself."""
        shown: Sequence[ShownBoxes | Undecided | None] = [None] * len(self._watched.zones)
        if self._watched.holds_at(view.local_time, view.public_holidays):
            shown = self._judge(self._watched, view, boxes)
        changes = []
        for zone, in_zone in zip(self._watched.zones, shown, strict=True):
            if in_zone is Undecided.CANNOT_TELL:
                continue
            change = (
                self._miss(zone.zone_id, view.moment)
                if in_zone is None
                else self._show(zone.zone_id, view.moment, in_zone)
            )
            if change is not None:
                changes.append(change)
        return changes

    def open_sightings(self) -> list[Sighting]:
        """The rule's sightings that stand now."""
        return open_sightings(self._suspicions.values())

    def followed(self) -> list[RememberedObject]:
        """None: a zone does not hang on single objects."""
        return []

    def _has_room(self, zone_id: str | None) -> bool:
        known_zones = {zone.zone_id for zone in self._watched.zones}
        return zone_id in known_zones and zone_id not in self._suspicions

    def _show(
        self, zone_id: str | None, moment: LookMoment, shown: ShownBoxes
    ) -> SightingChange | None:
        suspicion = self._suspicions.get(zone_id)
        if suspicion is None:
            suspicion = Suspicion(self._watched, Presence.begun(moment))
            self._suspicions[zone_id] = suspicion
        else:
            suspicion.presence.see(moment)
        if suspicion.sighting is not None:
            return suspicion.carry_on(suspicion.sighting, shown)
        return self._past.opened(suspicion, zone_id, None, shown) if suspicion.is_ripe else None

    def _miss(self, zone_id: str | None, moment: LookMoment) -> SightingChange | None:
        suspicion = self._suspicions.get(zone_id)
        if suspicion is None:
            return None
        suspicion.miss(moment)
        if not suspicion.is_over:
            return None
        del self._suspicions[zone_id]
        if suspicion.sighting is None:
            return None
        self._past.end(suspicion.sighting, None, moment.captured_at)
        return cleared(suspicion.sighting, moment)
