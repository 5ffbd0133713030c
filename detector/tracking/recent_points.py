"""Recent points: what was measured of each track over the last moments."""

import numpy as np
import numpy.typing as npt

from detector.tracking.tracker import TrackStep

Numbers = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

# Over so long a time speeds are averaged; who brakes should not be called fast for longer.
REMEMBERED_SECONDS = 2.0
# Points are at least so far apart: the errors of boxes a few hundredths of a second apart are
# much the same, and many of them would seem better than they are.
SPACING_SECONDS = 0.18
_POINTS = int(REMEMBERED_SECONDS / SPACING_SECONDS) + 1


class RecentPoints:
    """The latest measurements of each track, thinned out. Belongs to one thread.

    Args:
        width: How many numbers a measurement has.
    """

    def __init__(self, width: int) -> None:
        self._times = np.full((0, _POINTS), -np.inf)
        self._values = np.zeros((0, _POINTS, width))

    @property
    def values(self) -> Numbers:
        """The measurements, the latest last: shape (tracks, points, width)."""
        return self._values

    def follow(self, step: TrackStep) -> None:
        """Forget the tracks that are over, then add new ones without a measurement."""
        if not step.new and step.kept.all():
            return
        times, values = self._times[step.kept], self._values[step.kept]
        no_times = np.full((step.new, _POINTS), -np.inf)
        no_values = np.zeros((step.new, *values.shape[1:]))
        self._times = np.concatenate((times, no_times))
        self._values = np.concatenate((values, no_values))

    def due(self, rows: Rows, now: float) -> npt.NDArray[np.bool_]:
        """Which of some tracks should be measured again: shape (n,)."""
        waited: npt.NDArray[np.bool_] = now - self._times[rows, -1] >= SPACING_SECONDS
        return waited

    def note(self, rows: Rows, values: Numbers, now: float) -> None:
        """Add a measurement of some tracks: shape (n, width).

        ``now`` is in seconds, of a clock that only goes forward.
        """
        for points, latest in ((self._times, now), (self._values, values)):
            points[rows, :-1] = points[rows, 1:]
            points[rows, -1] = latest

    def slopes(self, rows: Rows, now: float) -> tuple[Numbers, Numbers]:
        """How measurements of some tracks are weighted to give their rate of change.

        The rate is the slope of the line of least squares: the weighted sum of the values.

        Returns:
            Weights of shape (n, points), per second, and the time each spans, shape (n,).
            Without two points the weights are zero.
        """
        times = self._times[rows]
        used = now - times <= REMEMBERED_SECONDS
        counts = np.maximum(used.sum(axis=1), 1)
        since = np.where(used, times - now, 0.0)
        away = np.where(used, since - (since.sum(axis=1) / counts)[:, None], 0.0)
        spread = (away**2).sum(axis=1)
        weights = away / np.maximum(spread, np.finfo(np.float64).tiny)[:, None]
        latest = np.where(used, since, -REMEMBERED_SECONDS).max(axis=1)
        return weights, np.maximum(latest - since.min(axis=1), 0.0)
