"""Track facts: what following the boxes of a look has told of each."""

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detector.tracking.ground_speed import Speeds

NO_TRACK = -1


@dataclass(frozen=True, slots=True, eq=False)
class TrackFacts:
    """What is known of each box of a look through its track.

    Attributes:
        followed: Whether the looks come fast enough to follow anything; where they do not,
            nothing is known of motion, and nothing of what is not seen.
        ids: int64 array of shape (n,): number of each box's track, else ``NO_TRACK``.
        moves: Shape (n,): which boxes move in the picture.
        motion_known: Shape (n,): of which that is known.
        motion_open: Shape (n,): of which it will be known: they are followed, but not for long.
        speeds: How fast each goes on the ground.
        crossed: int8 array of shape (lines, n): ``LEFT_TO_RIGHT`` or ``RIGHT_TO_LEFT`` where
            a box has crossed a line since the look before, else 0.
    """

    followed: bool
    ids: npt.NDArray[np.int64]
    moves: npt.NDArray[np.bool_]
    motion_known: npt.NDArray[np.bool_]
    motion_open: npt.NDArray[np.bool_]
    speeds: Speeds
    crossed: npt.NDArray[np.int8]

    @classmethod
    def nothing(cls, boxes: int, lines: int) -> "TrackFacts":
        """What is known of boxes that nobody follows."""
        return cls._unknown(boxes, lines, followed=False)

    @classmethod
    def nothing_yet(cls, boxes: int, lines: int) -> "TrackFacts":
        """What is known of boxes that are followed, before their tracks are asked."""
        return cls._unknown(boxes, lines, followed=True)

    @classmethod
    def _unknown(cls, boxes: int, lines: int, *, followed: bool) -> "TrackFacts":
        moves, known, to_be_known = np.zeros((3, boxes), np.bool_)
        return cls(
            followed=followed,
            ids=np.full(boxes, NO_TRACK, np.int64),
            moves=moves,
            motion_known=known,
            motion_open=to_be_known,
            speeds=Speeds.unknown(boxes),
            crossed=np.zeros((lines, boxes), np.int8),
        )

    @classmethod
    @functools.lru_cache(maxsize=256)
    def not_followed(cls, boxes: int) -> "TrackFacts":
        """What is known where no rule of the camera asks for tracks. Not to be written to."""
        facts = cls.nothing(boxes, 0)
        for array in (facts.ids, facts.moves, facts.motion_known, facts.motion_open, facts.crossed):
            array.flags.writeable = False
        return facts

    def moving(self, standing: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Which boxes move: shape (n,).

        What is not followed is taken to move as long as it does not stand in its place.

        Args:
            standing: Shape (n,): which do.
        """
        return np.where(self.motion_known, self.moves, ~(standing | self.motion_open))
