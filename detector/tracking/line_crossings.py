"""Line crossings: which tracks pass from one side of a line to the other."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from detector.geometry.boxes import foot_points
from detector.tracking.line_sides import LineSides
from detector.tracking.tracker import TrackStep
from streams.line import Line

Boxes = npt.NDArray[np.float32]
Rows = npt.NDArray[np.intp]
Directions = npt.NDArray[np.int8]

LEFT_TO_RIGHT = 1
RIGHT_TO_LEFT = -1

# A foot point is clearly on one side when it is so far from the line, in sizes of the box:
# three times what a box shakes by. No less than a few lines of the picture.
CLEAR_SIZES = 0.15
CLEAR_AT_LEAST = 0.006


class LineCrossings:
    """Notices crossings of a camera's lines. Belongs to one thread.

    A track crosses when it was clearly on one side, is clearly on the other, and its path
    between touched the line itself, not only its extension. So a box that shakes upon a line
    crosses nothing, nor does what begins there; and one crossing is noticed once.

    Args:
        lines: The camera's lines.
        aspect_ratio: Width over height of its picture.
    """

    def __init__(self, lines: Sequence[Line], aspect_ratio: float) -> None:
        # Everything is measured in heights of the picture.
        self._scale = np.array([aspect_ratio, 1.0])
        self._lines = LineSides([np.array(line.points) * self._scale for line in lines])
        count = len(lines)
        self._feet = np.zeros((0, 2))
        # Per track and line: its last clear side, whether the line was touched since, and a
        # crossing that waits to be told.
        self._sides = np.zeros((0, count), np.int8)
        self._touched = np.zeros((0, count), np.bool_)
        self._waiting = np.zeros((0, count), np.int8)

    def follow(self, step: TrackStep) -> None:
        """Forget the tracks that are over, then add new ones."""
        if not step.new and step.kept.all():
            return
        sides = np.zeros((step.new, self._sides.shape[1]), np.int8)
        # A track without a point has touched nothing on its way to its first one.
        feet = np.full((step.new, 2), np.nan)
        self._feet = np.concatenate((self._feet[step.kept], feet))
        self._sides = np.concatenate((self._sides[step.kept], sides))
        self._touched = np.concatenate((self._touched[step.kept], sides.astype(np.bool_)))
        self._waiting = np.concatenate((self._waiting[step.kept], sides))

    def note(self, rows: Rows, boxes: Boxes, looks: npt.NDArray[np.int64]) -> None:
        """Note where some tracks are.

        Args:
            rows: Shape (n,): which.
            boxes: Shape (n, 4), picture fractions.
            looks: Shape (n,): for how many looks each was surely the same thing; what happened
                before counts for nothing.
        """
        feet = foot_points(boxes) * self._scale
        sides = (boxes[:, 2:] - boxes[:, :2]) * self._scale
        sizes = np.sqrt(sides[:, 0] * sides[:, 1])
        clear = np.maximum(CLEAR_SIZES * sizes, CLEAR_AT_LEAST)
        doubtful = rows[looks == 0]
        self._sides[doubtful], self._waiting[doubtful] = 0, 0
        self._touched[doubtful] = False
        before, self._feet[rows] = self._feet[rows], feet
        distances = self._lines.distances(feet)
        is_clear = np.abs(distances) >= clear[:, None]
        now = np.where(is_clear, np.sign(distances), 0).astype(np.int8)
        was, waiting = self._sides[rows], self._waiting[rows]
        touched = self._touched[rows] | self._lines.touched(before, feet)
        over = (now * was < 0) & touched
        # There and back before it could be told is no crossing.
        crossed = np.where(waiting == -now, 0, now)
        self._waiting[rows] = np.where(over, crossed, waiting)
        self._touched[rows] = touched & ~is_clear
        self._sides[rows] = np.where(is_clear, now, was)

    def told(self, rows: Rows, may_tell: npt.NDArray[np.bool_]) -> Directions:
        """The crossings that were noticed and not told yet; each is told once.

        Args:
            rows: Shape (n,): of which tracks.
            may_tell: Shape (n,): which of them are sure, and count; the others wait.

        Returns:
            Shape (lines, n): ``LEFT_TO_RIGHT`` or ``RIGHT_TO_LEFT``, or 0 for none.
        """
        crossed = np.where(may_tell[:, None], self._waiting[rows], 0).astype(np.int8)
        self._waiting[rows[may_tell]] = 0
        return crossed.T
