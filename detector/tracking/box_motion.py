"""Box motion: where the boxes of moving things are expected next."""

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]

# Standard error of a box's middle and sides, in sizes of the box: boxes shake by some
# hundredths of themselves.
BOX_ERROR = 0.05

# What a thing may do that is seen for the first time: a car that passes near the camera goes
# three of its own lengths a second.
FIRST_SPEED = 3.0

# How a thing changes its speed, in sizes: the root of the spectral density of a white
# acceleration. A car that brakes by 5 m/s² loses about its own length a second in a second.
ACCELERATION = 1.5


class BoxMotion:
    """Kalman filters of constant velocity for many boxes at once.

    The model is that of SORT and ByteTrack (Bewley et al., ICIP 2016; Zhang et al., ECCV 2022):
    the middle, width and height of a box change evenly, up to accelerations; unlike there, the
    step is the real time between two looks. The four are independent of each other, so that
    each has a covariance of its own of value and speed. Belongs to one thread.
    """

    def __init__(self) -> None:
        # Middle, width and height of each box, and their speeds: each of shape (n, 4).
        self._values = np.zeros((0, 4))
        self._speeds = np.zeros((0, 4))
        # Variance of the values, their covariance with the speeds, variance of the speeds.
        self._errors = np.zeros((3, 0, 4))

    @property
    def boxes(self) -> Boxes:
        """Where the boxes are: shape (n, 4), picture fractions, not clipped."""
        half = np.maximum(self._values[:, 2:], 0.0) / 2
        middle = self._values[:, :2]
        return np.concatenate((middle - half, middle + half), axis=1).astype(np.float32)

    def predict(self, seconds: float) -> None:
        """Let all boxes move on."""
        self._values += seconds * self._speeds
        of_value, of_both, of_speed = self._errors
        density = ACCELERATION**2 * _sizes(self._values) ** 2
        of_value += seconds * (2 * of_both + seconds * of_speed + density * (seconds**2 / 3))
        of_both += seconds * (of_speed + density * (seconds / 2))
        of_speed += density * seconds

    def correct(self, rows: npt.NDArray[np.intp], boxes: Boxes) -> None:
        """Bring expected boxes nearer to those that were found.

        Args:
            rows: Shape (k,): which.
            boxes: Shape (k, 4): what was found.
        """
        found = _values_of(boxes)
        of_value, of_both, of_speed = errors = self._errors[:, rows]
        total = of_value + BOX_ERROR**2 * _sizes(found) ** 2
        gains, speed_gains = of_value / total, of_both / total
        misses = found - self._values[rows]
        self._values[rows] += gains * misses
        self._speeds[rows] += speed_gains * misses
        of_speed -= speed_gains * of_both
        of_both *= 1 - gains
        of_value *= 1 - gains
        self._errors[:, rows] = errors

    def begin(self, boxes: Boxes) -> None:
        """Add boxes that are found for the first time: shape (k, 4)."""
        values = _values_of(boxes)
        sizes = _sizes(values)
        errors = np.zeros((3, *values.shape))
        errors[0] = (BOX_ERROR * sizes) ** 2
        errors[2] = (FIRST_SPEED * sizes) ** 2
        self._values = np.concatenate((self._values, values))
        self._speeds = np.concatenate((self._speeds, np.zeros_like(values)))
        self._errors = np.concatenate((self._errors, errors), axis=1)

    def keep(self, kept: npt.NDArray[np.bool_]) -> None:
        """Forget all others: shape (n,)."""
        self._values = self._values[kept]
        self._speeds = self._speeds[kept]
        self._errors = self._errors[:, kept]


def _values_of(boxes: Boxes) -> Numbers:
    """Middle, width and height of boxes: shape (n, 4)."""
    low, high = boxes[:, :2].astype(np.float64), boxes[:, 2:].astype(np.float64)
    return np.concatenate(((low + high) / 2, high - low), axis=1)


def _sizes(values: Numbers) -> Numbers:
    """What counts as one size of each value, the box's own side: shape (n, 4)."""
    return values[:, [2, 3, 2, 3]]
