"""Past sightings: what of a rule has cleared, where it stays silent and what would be a return."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from detector.geometry.boxes import overlaps
from detector.rules.judgement.suspicion import ShownBoxes, Suspicion
from detector.rules.judgement.watch_state import (
    CoolDownState,
    PastSightingState,
    RuleState,
    box_of,
    stored_box,
)
from detector.sighting import Recurrence, Sighting, SightingChange
from models.rules.rule import Rule

Box = npt.NDArray[np.float32]


# A kerb at which more cars were wrongly parked within a week has a problem that the event list
# shows anyway; a camera with 60 rules keeps some 100 kB of them at most.
MAXIMUM_PLACES = 16


@dataclass(frozen=True, slots=True, eq=False)
class _Ended:
    zone_id: str | None
    place: Box | None
    until: datetime


class CoolDown:
    """Where a rule reported something that cleared a short while ago. Belongs to one thread.

    Args:
        seconds: How long it is silent there; 0 for not at all.
    """

    def __init__(self, seconds: float) -> None:
        self._length = timedelta(seconds=seconds)
        self._ended: deque[_Ended] = deque()

    def begin(self, zone_id: str | None, place: Box | None, cleared_at: datetime) -> None:
        """Be silent from now on.

        Args:
            zone_id: Zone of what cleared.
            place: Where it stood, shape (4,), or None for the whole zone.
            cleared_at: When it was found gone.
        """
        if self._length:
            self._ended.append(_Ended(zone_id, place, cleared_at + self._length))

    def states(self) -> tuple[CoolDownState, ...]:
        """Where it is silent, to be kept."""
        return tuple(
            CoolDownState(
                zone_id=ended.zone_id,
                place=None if ended.place is None else stored_box(ended.place),
                until=ended.until,
            )
            for ended in self._ended
        )

    def restore(self, states: Iterable[CoolDownState]) -> None:
        """Take up what an earlier run was silent about."""
        self._ended.extend(
            _Ended(
                state.zone_id,
                None if state.place is None else box_of(state.place),
                state.until,
            )
            for state in states
        )

    def silences(self, zone_id: str | None, place: Box | None, moment: datetime) -> bool:
        """Whether something there may not be reported yet."""
        while self._ended and self._ended[0].until <= moment:
            self._ended.popleft()
        return any(
            ended.zone_id == zone_id and same_place(ended.place, place) for ended in self._ended
        )


def same_place(first: Box | None, second: Box | None) -> bool:
    """Whether two places are one; None, the whole zone, is the same as any."""
    if first is None or second is None:
        return True
    return bool(overlaps(first[None], second[None]).same_place[0, 0])


@dataclass(frozen=True, slots=True, eq=False)
class _Past:
    zone_id: str | None
    place: Box | None
    cleared_at: datetime
    recurrence: Recurrence


class PastSightings:
    """What a rule's sightings were that have cleared. Belongs to one thread.

    Of each place it knows the latest one only, and of so many places the latest.

    Args:
        rule: Says for how long it is silent, and for how long a return is a recurrence.
    """

    def __init__(self, rule: Rule) -> None:
        self._cool_down = CoolDown(rule.cool_down_seconds)
        # What passes over a line is another thing each time.
        self._recurs = rule.recurrence_seconds > 0 and rule.crossing is None
        self._length = timedelta(seconds=rule.recurrence_seconds)
        self._past: deque[_Past] = deque(maxlen=MAXIMUM_PLACES)

    def end(self, sighting: Sighting, place: Box | None, cleared_at: datetime) -> None:
        """Note that a sighting has cleared.

        Args:
            sighting: What cleared.
            place: Where it stood, shape (4,), or None for the whole zone.
            cleared_at: When it was found gone.
        """
        self._cool_down.begin(sighting.zone_id, place, cleared_at)
        if not self._recurs:
            return
        before = 0 if sighting.recurrence is None else sighting.recurrence.number
        again = Recurrence(sighting.event_id, before + 1)
        others = [one for one in self._past if not _same(one, sighting.zone_id, place)]
        self._past.clear()
        self._past.extend([*others, _Past(sighting.zone_id, place, cleared_at, again)])

    def opened(
        self, suspicion: Suspicion, zone_id: str | None, place: Box | None, shown: ShownBoxes
    ) -> SightingChange | None:
        """Make what was seen just now a sighting, or None while it may not be reported yet.

        Args:
            suspicion: It has lasted as long as its rule asks.
            zone_id: The zone it is in.
            place: Where it stands, shape (4,), or None for the whole zone.
            shown: What of the look shows it.
        """
        now = suspicion.presence.last_seen
        if self._cool_down.silences(zone_id, place, now):
            return None
        return suspicion.open(zone_id, shown, self._recurrence(zone_id, place, now))

    def _recurrence(
        self, zone_id: str | None, place: Box | None, moment: datetime
    ) -> Recurrence | None:
        while self._past and self._past[0].cleared_at + self._length <= moment:
            self._past.popleft()
        for one in reversed(self._past):
            if _same(one, zone_id, place):
                return one.recurrence
        return None

    def cool_downs(self) -> tuple[CoolDownState, ...]:
        """Where it is silent, to be kept."""
        return self._cool_down.states()

    def states(self) -> tuple[PastSightingState, ...]:
        """What has cleared, to be kept."""
        return tuple(
            PastSightingState(
                zone_id=one.zone_id,
                place=None if one.place is None else stored_box(one.place),
                cleared_at=one.cleared_at,
                event_id=one.recurrence.event_id,
                recurrence_number=one.recurrence.number,
            )
            for one in self._past
        )

    def restore(self, state: RuleState) -> None:
        """Take up what an earlier run knew."""
        self._cool_down.restore(state.cool_downs)
        self._past.extend(
            _Past(
                one.zone_id,
                None if one.place is None else box_of(one.place),
                one.cleared_at,
                Recurrence(one.event_id, one.recurrence_number),
            )
            for one in state.past_sightings
        )


def _same(past: _Past, zone_id: str | None, place: Box | None) -> bool:
    return past.zone_id == zone_id and same_place(past.place, place)
