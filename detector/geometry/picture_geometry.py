"""Picture geometry: how large boxes are, in pixels and on the ground."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from detector.geometry.ground_measures import GroundMeasures

Measures = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PictureSize:
    """Width and height of a picture in pixels."""

    width: int
    height: int

    @property
    def aspect_ratio(self) -> float:
        """Width over height."""
        return self.width / self.height


@dataclass(slots=True, eq=False)
class BoxSizes:
    """The sizes of a look's boxes, each worked out when first asked for.

    Attributes:
        boxes: Shape (n, 4), picture fractions.
        picture: Size of the picture.
        ground: What the camera knows of the ground, or None if it is not calibrated.
    """

    boxes: npt.NDArray[np.float32]
    picture: PictureSize
    ground: GroundMeasures | None
    _known: dict[str, Measures] = field(default_factory=dict, init=False)

    def measure(self, name: str) -> Measures:
        """One measure of each box: shape (n,).

        Args:
            name: A measure of ``SizeLimits`` without ``minimum_`` or ``maximum_``.

        Returns:
            NaN where it cannot be said: in metres, without calibration or beyond its reach.
        """
        if name not in self._known:
            self._known[name] = self._work_out(name)
        return self._known[name]

    def _work_out(self, name: str) -> Measures:
        sides = (self.boxes[:, 2:] - self.boxes[:, :2]).astype(np.float64)
        match name:
            case "width_px":
                return sides[:, 0] * self.picture.width
            case "height_px":
                return sides[:, 1] * self.picture.height
            case "picture_share":
                return sides[:, 0] * sides[:, 1]
        if self.ground is None:
            return np.full(len(self.boxes), np.nan)
        on_ground = {
            "width_m": self.ground.widths_m,
            "height_m": self.ground.heights_m,
            "area_m2": self.ground.areas_m2,
        }
        return on_ground[name](self.boxes, self.picture.aspect_ratio)
