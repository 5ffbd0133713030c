"""The ground homography: from surveyed points to every point of flat ground in the picture."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from streams.ground.projected_points import FOOT_POINT_ERROR, ProjectedPoints

Points = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]

# Standard error of a surveyed point per axis: between GNSS with corrections (0.05 m) and a
# point read off an aerial picture (1 m).
SURVEY_ERROR_M = 0.5
# Standard error of clicking that point in the picture, as a fraction: 2 lines of 1080.
CLICK_ERROR = 0.002

# The residuals of n points leave 2n - 8 degrees of freedom: none for four points, too few to
# be believed for five. The assumed errors above count as this many more.
PRIOR_DEGREES_OF_FREEDOM = 4

# The eighth singular value of the normalised equations over the first: 0.1 and more for points
# spread over the picture, below this where three of four nearly lie on one line.
LEAST_INDEPENDENCE = 0.01

# Below this denominator, which is 1 amid the surveyed points, a point is so near the horizon
# that the map has no meaning there.
LEAST_DENOMINATOR = 1e-3


class DegeneratePointsError(ValueError):
    """Points that fix no homography; the text says why."""


@dataclass(frozen=True, slots=True, eq=False)
class GroundHomography:
    """A projective map from the picture to the ground, with the errors of its parameters.

    Estimated by the normalised direct linear transformation and then by least squares on
    distances weighted with their expected errors (Hartley & Zisserman, Multiple View Geometry,
    2nd ed., algorithm 4.2 and sections 4.2-4.4, 5.2).

    Attributes:
        matrix: Shape (3, 3): from normalised picture points to normalised ground points, its
            last element 1.
        covariance: Shape (8, 8): of the other elements, row by row.
        picture_normaliser: Shape (3, 3): similarity from picture fractions.
        ground_normaliser: Shape (3, 3): similarity from metres.
    """

    matrix: Matrix
    covariance: Matrix
    picture_normaliser: Matrix
    ground_normaliser: Matrix

    @classmethod
    def through(cls, picture: Points, ground: Points) -> Self:
        """Fit the map to surveyed points.

        Args:
            picture: Shape (n, 2), n >= 4: picture fractions.
            ground: Shape (n, 2): metres on the local plane.

        Raises:
            DegeneratePointsError: Three of four points lie on one line, or the points do not
                show the same ground seen from above.
        """
        to_picture, to_ground = _normaliser(picture), _normaliser(ground)
        seen, surveyed = _apply(to_picture, picture), _apply(to_ground, ground)
        first = _direct_linear_transformation(seen, surveyed)
        _check_view(first, seen)
        survey_error = SURVEY_ERROR_M * to_ground[0, 0]
        click_error = CLICK_ERROR * to_picture[0, 0]
        slopes = _map(first, seen).by_point
        errors = click_error**2 * slopes @ slopes.transpose(0, 2, 1)
        errors += survey_error**2 * np.eye(2)
        whiten = np.linalg.inv(np.linalg.cholesky(errors))

        def residuals(parameters: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            misses = _map(_matrix(parameters), seen).points - surveyed
            return (whiten @ misses[..., None]).ravel()

        def slopes_of_residuals(parameters: npt.NDArray[np.float64]) -> Matrix:
            return (whiten @ _map(_matrix(parameters), seen).by_parameter).reshape(-1, 8)

        # Late, since it takes half a second to import, and most commands survey nothing.
        from scipy.optimize import least_squares  # noqa: PLC0415

        fit = least_squares(residuals, first.ravel()[:8], jac=slopes_of_residuals, method="lm")
        matrix = _matrix(fit.x)
        _check_view(matrix, seen)
        freedom = 2 * len(picture) - 8
        variance = (2 * fit.cost + PRIOR_DEGREES_OF_FREEDOM) / (freedom + PRIOR_DEGREES_OF_FREEDOM)
        slope = slopes_of_residuals(fit.x)
        covariance = np.asarray(variance * np.linalg.inv(slope.T @ slope), np.float64)
        return cls(matrix, covariance, to_picture, to_ground)

    def project(self, picture: Points) -> ProjectedPoints:
        """Map foot points to the ground, with errors of the map and of the foot points.

        Args:
            picture: Shape (n, 2): picture fractions.
        """
        mapped = _map(self.matrix, _apply(self.picture_normaliser, picture))
        foot_error = FOOT_POINT_ERROR * self.picture_normaliser[0, 0]
        covariances = foot_error**2 * mapped.by_point @ mapped.by_point.transpose(0, 2, 1)
        scale = self.ground_normaliser[0, 0]
        return ProjectedPoints(
            ground=(mapped.points - self.ground_normaliser[:2, 2]) / scale,
            foot_covariances=covariances / scale**2,
            map_errors=mapped.by_parameter @ np.linalg.cholesky(self.covariance) / scale,
            in_front=mapped.denominators > LEAST_DENOMINATOR,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Mapped:
    """Mapped points with their derivatives: by the point (n, 2, 2), by the map (n, 2, 8)."""

    points: Points
    denominators: npt.NDArray[np.float64]
    by_point: npt.NDArray[np.float64]
    by_parameter: npt.NDArray[np.float64]


def _map(matrix: Matrix, points: Points) -> _Mapped:
    homogeneous = np.column_stack((points, np.ones(len(points))))
    east, north, denominators = (homogeneous @ matrix.T).T
    safe = np.where(np.abs(denominators) < LEAST_DENOMINATOR, LEAST_DENOMINATOR, denominators)
    mapped = np.column_stack((east, north)) / safe[:, None]
    by_point = matrix[None, :2, :2] - mapped[:, :, None] * matrix[None, 2:, :2]
    by_parameter = np.zeros((len(points), 2, 8))
    by_parameter[:, 0, 0:3] = homogeneous
    by_parameter[:, 1, 3:6] = homogeneous
    by_parameter[:, :, 6:8] = -mapped[:, :, None] * points[:, None, :]
    return _Mapped(
        points=mapped,
        denominators=denominators,
        by_point=by_point / safe[:, None, None],
        by_parameter=by_parameter / safe[:, None, None],
    )


def _matrix(parameters: npt.NDArray[np.float64]) -> Matrix:
    return np.append(parameters, 1.0).reshape(3, 3)


def _normaliser(points: Points) -> Matrix:
    """The similarity that brings points to mean 0 and mean distance sqrt(2)."""
    centre = points.mean(axis=0)
    spread = float(np.hypot(*(points - centre).T).mean())
    if spread == 0.0:
        raise DegeneratePointsError("all of them are the same point")
    scale = np.sqrt(2) / spread
    return np.array([[scale, 0, -scale * centre[0]], [0, scale, -scale * centre[1]], [0, 0, 1]])


def _apply(similarity: Matrix, points: Points) -> Points:
    moved: Points = points * similarity[0, 0] + similarity[:2, 2]
    return moved


def _direct_linear_transformation(seen: Points, surveyed: Points) -> Matrix:
    homogeneous = np.column_stack((seen, np.ones(len(seen))))
    nothing = np.zeros_like(homogeneous)
    equations = np.concatenate(
        (
            np.hstack((homogeneous, nothing, -surveyed[:, :1] * homogeneous)),
            np.hstack((nothing, homogeneous, -surveyed[:, 1:] * homogeneous)),
        )
    )
    _, singular_values, solutions = np.linalg.svd(equations)
    if singular_values[7] < LEAST_INDEPENDENCE * singular_values[0]:
        raise DegeneratePointsError(
            "they (nearly) lie on one line, or three of four do; "
            "survey points spread over the ground"
        )
    matrix: Matrix = solutions[-1].reshape(3, 3)
    if abs(matrix[2, 2]) < LEAST_DENOMINATOR:
        raise DegeneratePointsError("the horizon runs amid them; check which belongs to which")
    matrix /= matrix[2, 2]
    return matrix


def _check_view(matrix: Matrix, seen: Points) -> None:
    mapped = _map(matrix, seen)
    if (mapped.denominators <= LEAST_DENOMINATOR).any():
        raise DegeneratePointsError("the horizon runs amid them; check which belongs to which")
    # y runs down in the picture and north on the ground: seen from above, the map mirrors.
    if (np.linalg.det(mapped.by_point) >= 0).any():
        raise DegeneratePointsError(
            "they show the ground from below, as in a mirror; check which belongs to which"
        )
