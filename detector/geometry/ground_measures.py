"""Ground measures: sizes and distances in metres, where a camera is calibrated."""

import numpy as np
import numpy.typing as npt

from detector.geometry.camera_projection import camera_projection
from streams.camera import Camera
from streams.ground.ground_projection import GroundProjection
from streams.ground.projected_points import ProjectedPoints

Boxes = npt.NDArray[np.float32]
Measures = npt.NDArray[np.float64]


class GroundMeasures:
    """What the boxes of one camera measure on flat ground.

    Args:
        projection: The camera's projection; it must have a source.
    """

    def __init__(self, projection: GroundProjection) -> None:
        self._projection = projection

    def positions(self, boxes: Boxes, aspect_ratio: float) -> Measures:
        """Metres east and north of each box's foot point: shape (n, 2), NaN where unknown."""
        feet = np.column_stack(((boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]))
        return self._projection.ground_points(feet.astype(np.float64), aspect_ratio)

    def projected_feet(self, boxes: Boxes, aspect_ratio: float) -> ProjectedPoints | None:
        """Each box's foot point on the ground with its errors; see ``GroundProjection``."""
        feet = np.column_stack(((boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]))
        return self._projection.projected(feet.astype(np.float64), aspect_ratio)

    def widths_m(self, boxes: Boxes, aspect_ratio: float) -> Measures:
        """Length of each box's lower edge on the ground: shape (n,)."""
        left, right = self._lower_corners(boxes, aspect_ratio)
        widths: Measures = np.hypot(*(right - left).T)
        return widths

    def heights_m(self, boxes: Boxes, aspect_ratio: float) -> Measures:
        """Height of an upright thing that fills each box: shape (n,).

        Its pixels are as large as those of its lower edge, as both are as far away.
        """
        sides = (boxes[:, 2:] - boxes[:, :2]).astype(np.float64)
        across = np.maximum(sides[:, 0] * aspect_ratio, np.finfo(np.float64).tiny)
        return self.widths_m(boxes, aspect_ratio) * sides[:, 1] / across

    def areas_m2(self, boxes: Boxes, aspect_ratio: float) -> Measures:
        """Area of each box laid on the ground, as of a puddle: shape (n,)."""
        corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2).astype(np.float64)
        return np.array([self.outline_area_m2(outline, aspect_ratio) for outline in corners])

    def outline_area_m2(self, outline: Measures, aspect_ratio: float) -> float:
        """Area on the ground of a polygon in the picture; NaN where a corner is not on it.

        Args:
            outline: Shape (corners, 2), picture fractions.
            aspect_ratio: Width over height of the picture.
        """
        ground = self._projection.ground_points(outline, aspect_ratio)
        following = np.roll(ground, -1, axis=0)
        # The shoelace formula.
        crosses = ground[:, 0] * following[:, 1] - ground[:, 1] * following[:, 0]
        return float(np.abs(crosses.sum()) / 2)

    def _lower_corners(self, boxes: Boxes, aspect_ratio: float) -> tuple[Measures, Measures]:
        left, right = (
            self._projection.ground_points(boxes[:, columns].astype(np.float64), aspect_ratio)
            for columns in ([0, 3], [2, 3])
        )
        return left, right


def ground_measures(camera: Camera) -> GroundMeasures | None:
    """What a camera's calibration allows to measure; None if it has none that can be used."""
    projection = camera_projection(camera)
    return None if projection.source is None else GroundMeasures(projection)
