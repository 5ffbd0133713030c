"""Sure tracks: for how many looks each track could not be taken for another."""

import numpy as np
import numpy.typing as npt

from detector.tracking.tracker import TrackedBoxes, TrackStep

Looks = npt.NDArray[np.int64]

# Nothing is said of the speed and the way of what was followed surely for fewer looks.
SURE_AFTER_LOOKS = 5

# How fast anything may go, in its own sizes a second: a car of 4.5 m seen from the side at
# 65 km/h, a person who runs.
FASTEST = 4.0


class SureTracks:
    """Counts looks in which each track was surely the same thing. Belongs to one thread.

    Where things follow each other at about the distance that they go between two looks, each
    seems to be the one before it, and all seem to stand or to go backwards, as the spokes of a
    wheel in a film. So a track begins anew to be sure where another thing of its class group is
    so near that it could have come to its place since the look before: within the reach of a
    car that passes close to the camera. The faster the looks, the shorter that is.
    """

    def __init__(self) -> None:
        self._looks = np.zeros(0, np.int64)
        self._unseen_seconds = np.zeros(0)

    def count(self, found: TrackedBoxes, step: TrackStep, seconds: float) -> Looks:
        """Count a look.

        Args:
            found: What was followed.
            step: What the look did to the tracks.
            seconds: Time since the look before.

        Returns:
            Shape (n,): looks in a row in which the track of each box was sure, 0 where it is not.
        """
        if step.new or not step.kept.all():
            self._looks = np.append(self._looks[step.kept], np.zeros(step.new, np.int64))
            self._unseen_seconds = np.append(self._unseen_seconds[step.kept], np.zeros(step.new))
        self._unseen_seconds += seconds
        reach = FASTEST * self._unseen_seconds[step.rows]
        looks = np.where(_confusable(found, reach), 0, self._looks[step.rows] + 1)
        self._looks[step.rows] = looks
        self._unseen_seconds[step.rows] = 0.0
        return looks


def _confusable(found: TrackedBoxes, reach: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which boxes are within the reach, in sizes, of another of their group: shape (n,)."""
    boxes = found.boxes.astype(np.float64)
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], np.finfo(np.float32).tiny)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    away = (middles[:, None] - middles[None]) / sides[:, None]
    away *= away
    near = away[..., 0] + away[..., 1] < reach[:, None] ** 2
    near &= found.groups[:, None] == found.groups[None, :]
    np.fill_diagonal(near, val=False)
    confusable: npt.NDArray[np.bool_] = np.any(near | near.T, axis=1)
    return confusable
