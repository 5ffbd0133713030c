"""Ground speed: how fast tracks go, and how surely."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detector.geometry.ground_measures import GroundMeasures
from detector.tracking.recent_points import RecentPoints
from detector.tracking.sure_tracks import SURE_AFTER_LOOKS
from detector.tracking.tracker import TrackStep
from streams.ground.projected_points import ProjectedPoints

Boxes = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

KMH_PER_MPS = 3.6

# From shorter paths than this no speed is read, however small its error seems.
LEAST_SECONDS = 0.75

# Parameters of a projection: eight of a homography, four of a pose.
_MAP_PARAMETERS = 8
_GROUND, _FOOT, _MAP = slice(0, 2), slice(2, 6), slice(6, 6 + 2 * _MAP_PARAMETERS)


@dataclass(frozen=True, slots=True, eq=False)
class Speeds:
    """How fast some tracks go.

    Attributes:
        kmh: Shape (n,): kilometres an hour; NaN where unknown.
        errors_kmh: Shape (n,): their standard errors.
    """

    kmh: Numbers
    errors_kmh: Numbers

    @classmethod
    def unknown(cls, count: int) -> "Speeds":
        """Nothing is known of any."""
        return cls(np.full(count, np.nan), np.full(count, np.nan))


class GroundSpeed:
    """Measures tracks on the ground. Belongs to one thread.

    A speed is the slope of the line of least squares through a track's positions of the last
    two seconds. Its error is propagated: those of the foot points, which are others in every
    look, average out; those of the projection, which are wrong alike in every look, do not.
    Where a track strays farther from the line than its errors allow, they are taken to be larger.

    Args:
        measures: What the camera can measure.
    """

    def __init__(self, measures: GroundMeasures) -> None:
        self._measures = measures
        self._points = RecentPoints(width=_MAP.stop)

    def follow(self, step: TrackStep) -> None:
        """Forget the tracks that are over, then add new ones."""
        self._points.follow(step)

    def note(self, rows: Rows, boxes: Boxes, aspect_ratio: float, now: float) -> None:
        """Note where some tracks are.

        Args:
            rows: Shape (n,): which.
            boxes: Shape (n, 4), picture fractions.
            aspect_ratio: Width over height of the picture.
            now: Seconds, of a clock that only goes forward.
        """
        due = np.flatnonzero(self._points.due(rows, now))
        if not len(due):
            return
        projected = self._measures.projected_feet(boxes[due], aspect_ratio)
        if projected is not None:
            known = projected.in_front
            self._points.note(rows[due][known], _measurements(projected)[known], now)

    def speeds(self, rows: Rows, looks: npt.NDArray[np.int64], now: float) -> Speeds:
        """How fast some tracks go: each of shape (n,).

        Args:
            rows: Shape (n,): which.
            looks: Shape (n,): for how many looks each was surely the same thing.
            now: As for ``look``.
        """
        weights, spans = self._points.slopes(rows, now)
        values = self._points.values[rows]
        rates = (weights[:, None, :] @ values[..., _GROUND])[:, 0]
        by_feet = ((weights**2)[:, None, :] @ values[..., _FOOT])[:, 0].reshape(-1, 2, 2)
        by_map = (weights[:, None, :] @ values[..., _MAP])[:, 0].reshape(-1, 2, _MAP_PARAMETERS)
        covariances = by_feet + by_map @ by_map.transpose(0, 2, 1)
        metres = np.hypot(*rates.T)
        along = rates / np.maximum(metres, np.finfo(np.float64).tiny)[:, None]
        variances = np.einsum("ni,nij,nj->n", along, covariances, along)
        every_way = np.trace(covariances, axis1=1, axis2=2)
        # What hardly goes has no direction along which its error could be told.
        variances = np.where(metres**2 < every_way, every_way, variances)
        variances *= _unevenness(weights, values, rates)
        known = (spans >= LEAST_SECONDS) & (looks >= SURE_AFTER_LOOKS)
        return Speeds(
            kmh=np.where(known, KMH_PER_MPS * metres, np.nan),
            errors_kmh=np.where(known, KMH_PER_MPS * np.sqrt(variances), np.nan),
        )


def _unevenness(weights: Numbers, values: Numbers, rates: Numbers) -> Numbers:
    """Square of how much farther tracks stray from their lines than foot points err: (n,)."""
    used = weights != 0
    counts = np.maximum(used.sum(axis=1), 1)
    ground = np.where(used[..., None], values[..., _GROUND], 0.0)
    middle = ground.sum(axis=1) / counts[:, None]
    tiny = np.finfo(np.float64).tiny
    since = weights / np.maximum((weights**2).sum(axis=1), tiny)[:, None]
    astray = ground - middle[:, None] - since[..., None] * rates[:, None]
    squares = ((astray**2).sum(axis=2) * used).sum(axis=1)
    by_feet = values[..., _FOOT][..., [0, 3]].sum(axis=2)
    expected = np.maximum((by_feet * used).sum(axis=1), tiny)
    # A line through two points always fits.
    free = np.maximum(counts - 2, 1)
    uneven: Numbers = np.maximum(squares / expected * counts / free, 1.0)
    return uneven


def _measurements(projected: ProjectedPoints) -> Numbers:
    count, _, parameters = projected.map_errors.shape
    rows = np.zeros((count, _MAP.stop))
    rows[:, _GROUND] = projected.ground
    rows[:, _FOOT] = projected.foot_covariances.reshape(count, 4)
    by_map = np.zeros((count, 2, _MAP_PARAMETERS))
    by_map[..., :parameters] = projected.map_errors
    rows[:, _MAP] = by_map.reshape(count, -1)
    return rows
