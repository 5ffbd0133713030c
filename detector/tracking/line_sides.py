"""Line sides: on which side of a line points lie, and which steps touch it."""

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

# Distances that differ by less than this are those to one and the same corner.
_SAME = 1e-9


class LineSides:
    """One line, prepared for many look-ups.

    Args:
        points: Shape (k, 2), k >= 2: along the line; x to the right, y downwards, of one scale.
    """

    def __init__(self, points: Points) -> None:
        self._starts = points[:-1]
        self._ends = points[1:]
        self._along = self._ends - self._starts
        self._lengths = np.hypot(*self._along.T)

    def distances(self, points: Points) -> npt.NDArray[np.float64]:
        """How far points are from the line: shape (n,), positive on its right side.

        Beyond its ends the sides are those of its first and last piece, drawn out.
        """
        away = points[:, None, :] - self._starts
        across = _cross(self._along, away) / self._lengths
        share = np.clip((away * self._along).sum(axis=2) / self._lengths**2, 0.0, 1.0)
        reach = np.hypot(*np.moveaxis(away - share[..., None] * self._along, 2, 0))
        nearest = reach.min(axis=1, keepdims=True)
        # At a corner both pieces are as near; the one seen less from its end tells the side.
        telling = np.where(reach <= nearest + _SAME, np.abs(across), -1.0).argmax(axis=1)
        sides = np.sign(across[np.arange(len(points)), telling])
        distances: npt.NDArray[np.float64] = sides * nearest[:, 0]
        return distances

    def touched(self, before: Points, after: Points) -> npt.NDArray[np.bool_]:
        """Which straight steps touch the line: from and to, each of shape (n, 2)."""
        step = (after - before)[:, None, :]
        starts = _cross(step, self._starts - before[:, None, :])
        ends = _cross(step, self._ends - before[:, None, :])
        old = _cross(self._along, before[:, None, :] - self._starts)
        new = _cross(self._along, after[:, None, :] - self._starts)
        touched: npt.NDArray[np.bool_] = np.any((starts * ends <= 0) & (old * new <= 0), axis=1)
        return touched


def _cross(first: Points, second: Points) -> npt.NDArray[np.float64]:
    """Third component of the cross product; with y downwards positive to the right."""
    crossed: npt.NDArray[np.float64] = (
        first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
    )
    return crossed
