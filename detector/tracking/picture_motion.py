"""Picture motion: which tracks move, and which stand."""

import numpy as np
import numpy.typing as npt

from detector.tracking.recent_points import RecentPoints
from detector.tracking.tracker import TrackStep

Numbers = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

# What goes more than a tenth of its own size a second moves; a pedestrian goes half of it.
MOVING_SIZES = 0.1

# Standard error of an edge of a box, in sizes of the box, and how many of them what it seems to
# go must exceed: boxes shake.
EDGE_ERROR_SIZES = 0.05
SURE_ERRORS = 3.0

# What does not seem to move after this time stands.
TELLING_SECONDS = 0.75


class PictureMotion:
    """Tells by their boxes whether tracks move. Belongs to one thread.

    What moves takes both edges of its box along; where one stays, something passes before it.
    """

    def __init__(self) -> None:
        self._points = RecentPoints(width=4)

    def follow(self, step: TrackStep) -> None:
        """Forget the tracks that are over, then add new ones."""
        self._points.follow(step)

    def note(self, rows: Rows, boxes: Numbers, now: float) -> None:
        """Note where some tracks are.

        Args:
            rows: Shape (n,): which.
            boxes: Shape (n, 4), in heights of the picture.
            now: Seconds, of a clock that only goes forward.
        """
        due = np.flatnonzero(self._points.due(rows, now))
        if not len(due):
            return
        self._points.note(rows[due], boxes[due], now)

    def moving(self, rows: Rows, boxes: Numbers, now: float) -> tuple[Flags, Flags]:
        """Which tracks move, and of which that is known: twice shape (n,)."""
        weights, spans = self._points.slopes(rows, now)
        rates = (weights[:, None, :] @ self._points.values[rows])[:, 0]
        first, last = rates[:, :2], rates[:, 2:]
        together = np.where(first * last > 0, np.minimum(np.abs(first), np.abs(last)), 0.0)
        speeds = np.hypot(together[:, 0], together[:, 1])
        sizes = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0.0)
        errors = EDGE_ERROR_SIZES * sizes * np.sqrt((weights**2).sum(axis=1))
        moves = speeds > MOVING_SIZES * sizes + SURE_ERRORS * errors
        return moves, moves | (spans >= TELLING_SECONDS)
