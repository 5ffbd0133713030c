"""Projected points: where points of the picture lie on the ground, and how surely."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

# How far a box's lower edge is off the place where the object touches the ground, as a
# fraction of the picture (one standard error): about 6 lines of 1080, as boxes shake.
FOOT_POINT_ERROR = 0.006

# Radius of the 68 % circle over the root of the covariance's trace. It is 1.067 for round
# errors and 0.994 for errors along a line; the larger is never too small, at most 7 % too large.
CIRCLE_68_OVER_SPREAD = 1.07


@dataclass(frozen=True, slots=True, eq=False)
class ProjectedPoints:
    """Points of the picture on the camera's local plane.

    Attributes:
        ground: Shape (n, 2): metres east and north of the camera; without meaning where a
            point is not ``in_front``.
        foot_covariances: Shape (n, 2, 2), square metres: from the foot points' own errors,
            which are others in every look.
        map_errors: Shape (n, 2, k), metres: how far each point goes with one standard error of
            each of the map's k independent parameters, which are wrong alike in every look.
        in_front: Shape (n,): whether the point lies on the ground before the camera, below
            the horizon.
    """

    ground: Points
    foot_covariances: npt.NDArray[np.float64]
    map_errors: npt.NDArray[np.float64]
    in_front: npt.NDArray[np.bool_]

    @property
    def covariances(self) -> npt.NDArray[np.float64]:
        """Of all errors together: shape (n, 2, 2), square metres."""
        return self.foot_covariances + self.map_errors @ self.map_errors.transpose(0, 2, 1)

    @property
    def distances_m(self) -> npt.NDArray[np.float64]:
        """Distance of each point from the camera: shape (n,), metres."""
        return np.hypot(self.ground[:, 0], self.ground[:, 1])

    @property
    def accuracies_m(self) -> npt.NDArray[np.float64]:
        """Radius of each point's 68 % circle: shape (n,), metres."""
        squares: npt.NDArray[np.float64] = np.trace(self.covariances, axis1=1, axis2=2)
        return CIRCLE_68_OVER_SPREAD * np.sqrt(squares)


def circle_68(east_error_m: float, north_error_m: float) -> float:
    """Radius in metres of the 68 % circle of two independent standard errors."""
    return CIRCLE_68_OVER_SPREAD * float(np.hypot(east_error_m, north_error_m))
