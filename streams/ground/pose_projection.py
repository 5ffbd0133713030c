"""The pose projection: a pin-hole camera over flat ground."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from streams.ground.projected_points import FOOT_POINT_ERROR, ProjectedPoints
from streams.ground_view import CameraPose

Points = npt.NDArray[np.float64]

# Standard errors of a pose as installers note it: by inclinometer, by compass among lamp posts
# and steel, by the label of the lens, and by a tape or the pole's nominal length.
TILT_ERROR_DEG = 1.0
AZIMUTH_ERROR_DEG = 3.0
FIELD_OF_VIEW_ERROR = 0.03
HEIGHT_ERROR = 0.05

# Sine of the least angle below the horizon: a tenth of a degree, where flat ground is no
# longer a model of anything.
LEAST_DESCENT = 0.002

# Steps of the numerical derivatives: small against what bends the map, large against rounding.
_STEP_DEG = 1e-4
_STEP_FRACTION = 1e-6


@dataclass(frozen=True, slots=True)
class PoseProjection:
    """The central projection of flat ground, without roll and lens distortion.

    The ray through a picture point is cut with the ground (Hartley & Zisserman, Multiple View
    Geometry, 2nd ed., chapter 6: the finite projective camera with its principal point in the
    middle and square pixels); errors are propagated to first order (section 5.2).

    Attributes:
        pose: How the camera hangs.
        aspect_ratio: Width over height of the picture.
    """

    pose: CameraPose
    aspect_ratio: float

    def project(self, picture: Points) -> ProjectedPoints:
        """Map foot points to the ground, with errors of the pose and of the foot points.

        The errors are relative to the camera: that of its own position is not among them.

        Args:
            picture: Shape (n, 2): picture fractions.
        """
        pose = self.pose
        values = np.empty((len(picture), 6))
        values[:, :4] = (
            pose.height_m,
            pose.azimuth_deg,
            pose.tilt_deg,
            pose.horizontal_fov_deg,
        )
        values[:, 4:] = picture
        errors = np.array(
            [
                HEIGHT_ERROR * pose.height_m,
                AZIMUTH_ERROR_DEG,
                TILT_ERROR_DEG,
                FIELD_OF_VIEW_ERROR * pose.horizontal_fov_deg,
                FOOT_POINT_ERROR,
                FOOT_POINT_ERROR,
            ]
        )
        ground, descents = self._cut(values)
        in_front = descents > LEAST_DESCENT
        slopes = self._slopes(values) * errors
        of_map, of_foot = slopes[:, :, :4], slopes[:, :, 4:]
        return ProjectedPoints(ground, of_foot @ of_foot.transpose(0, 2, 1), of_map, in_front)

    def _slopes(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Derivatives of the ground point by height, azimuth, tilt, view, x, y: (n, 2, 6)."""
        steps = np.array(
            [_STEP_FRACTION, _STEP_DEG, _STEP_DEG, _STEP_DEG, _STEP_FRACTION, _STEP_FRACTION]
        )
        shifts = np.diag(steps)[:, None]
        # All at once, as most of the time is spent between the operations.
        shifted = np.concatenate((values + shifts, values - shifts))
        ground, _ = self._cut(shifted.reshape(-1, 6))
        ahead, behind = ground.reshape(2, 6, len(values), 2)
        slopes: npt.NDArray[np.float64] = (ahead - behind) / (2 * steps[:, None, None])
        return slopes.transpose(1, 2, 0)

    def _cut(
        self, values: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Ground points (n, 2), and by how much each unit ray descends (n,)."""
        height, azimuth_deg, tilt_deg, view_deg, x, y = values.T
        azimuth, tilt = np.radians(azimuth_deg), np.radians(tilt_deg)
        # Half the picture's width at distance 1 from the lens.
        half_width = np.tan(np.radians(view_deg) / 2)
        right = (2 * x - 1) * half_width
        below = (2 * y - 1) * half_width / self.aspect_ratio
        ahead = np.cos(tilt) - below * np.sin(tilt)
        down = np.sin(tilt) + below * np.cos(tilt)
        length = np.sqrt(1 + right**2 + below**2)
        reach = height / np.where(down > LEAST_DESCENT * length, down, np.inf)
        east = reach * (ahead * np.sin(azimuth) + right * np.cos(azimuth))
        north = reach * (ahead * np.cos(azimuth) - right * np.sin(azimuth))
        return np.column_stack((east, north)), down / length
