"""The cool-down: what has just cleared is not reported again at once."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from detector.geometry.places import overlaps
from detector.rules.judgement.watch_state import CoolDownState, box_of, stored_box

Box = npt.NDArray[np.float32]


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
