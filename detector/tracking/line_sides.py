"""Line sides: on which side of lines points lie, and which steps touch them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

# Distances that differ by less than this are those to one and the same corner.
_SAME = 1e-9


class LineSides:
    """Some lines, prepared for many look-ups.

    Args:
        lines: Each of shape (k, 2), k >= 2: points along it; x to the right, y downwards, of one
            scale.
    """

    def __init__(self, lines: Sequence[Points]) -> None:
        pieces = max((len(line) - 1 for line in lines), default=1)
        # Shape (lines, pieces, 2); a shorter line has its last piece several times.
        self._starts = np.zeros((len(lines), pieces, 2))
        self._ends = np.ones((len(lines), pieces, 2))
        for row, line in enumerate(lines):
            at = np.minimum(np.arange(pieces), len(line) - 2)
            self._starts[row], self._ends[row] = line[at], line[at + 1]
        self._along = self._ends - self._starts
        self._lengths = np.hypot(self._along[..., 0], self._along[..., 1])

    def distances(self, points: Points) -> npt.NDArray[np.float64]:
        """How far points are from each line: shape (n, lines), positive on its right side.

        Beyond its ends the sides are those of its first and last piece, drawn out.

        Args:
            points: Shape (n, 2).
        """
        away = points[:, None, None] - self._starts
        across = _cross(self._along, away) / self._lengths
        share = (away * self._along).sum(axis=3) / self._lengths**2
        share = np.minimum(np.maximum(share, 0.0), 1.0)
        off = away - share[..., None] * self._along
        reach = np.hypot(off[..., 0], off[..., 1])
        if reach.shape[2] == 1:
            # Straight lines have no corners.
            straight: npt.NDArray[np.float64] = (np.sign(across) * reach)[..., 0]
            return straight
        nearest = reach.min(axis=2)
        # At a corner both pieces are as near; the one seen less from its end tells the side.
        at_nearest = reach <= nearest[..., None] + _SAME
        telling = np.where(at_nearest, np.abs(across), -1.0).argmax(axis=2)[..., None]
        sides = np.sign(np.take_along_axis(across, telling, axis=2))[..., 0]
        distances: npt.NDArray[np.float64] = sides * nearest
        return distances

    def touched(self, before: Points, after: Points) -> npt.NDArray[np.bool_]:
        """Which straight steps touch which lines: shape (n, lines).

        Args:
            before: Where the steps begin: shape (n, 2).
            after: Where they end: shape (n, 2).
        """
        old, new = before[:, None, None], after[:, None, None]
        step = new - old
        starts, ends = _cross(step, self._starts - old), _cross(step, self._ends - old)
        was, now = _cross(self._along, old - self._starts), _cross(self._along, new - self._starts)
        touched: npt.NDArray[np.bool_] = np.any((starts * ends <= 0) & (was * now <= 0), axis=2)
        return touched


def _cross(first: Points, second: Points) -> npt.NDArray[np.float64]:
    """Third component of the cross product; with y downwards positive to the right."""
    crossed: npt.NDArray[np.float64] = (
        first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
    )
    return crossed
