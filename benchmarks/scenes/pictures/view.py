"""The view: how a camera that sways or was turned shows a street."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.scenes.disturbances import CameraFault, Shake
from benchmarks.scenes.scene import Scene

# As if somebody had turned and zoomed the camera. Zoomed in by this much, the moved view lies
# wholly within the old one, so that it shows real pictures up to its edges.
_MOVED_ZOOM = 1.45
_MOVED_BY = (0.2, -0.15)


@dataclass(frozen=True, slots=True)
class View:
    """Where the points of the street's usual picture are shown.

    A point at x is shown at ``(x - 0.5) * zoom + 0.5 + shift_x``.

    Attributes:
        zoom: How much larger things are shown.
        shift_x: Fraction of the picture's width.
        shift_y: Fraction of the picture's height.
    """

    zoom: float = 1.0
    shift_x: float = 0.0
    shift_y: float = 0.0

    def shown(self, boxes: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Boxes (n, 4) in picture fractions as this view shows them, not cut at its edges."""
        shift = np.array([self.shift_x, self.shift_y] * 2, np.float32)
        return ((boxes - 0.5) * self.zoom + 0.5 + shift).astype(np.float32)

    def pixel_matrix(self, width: int, height: int) -> npt.NDArray[np.float64]:
        """What the view does to a picture, as an affine matrix (2, 3) for pixels."""
        left = (0.5 - 0.5 * self.zoom + self.shift_x) * width
        top = (0.5 - 0.5 * self.zoom + self.shift_y) * height
        return np.array([[self.zoom, 0.0, left], [0.0, self.zoom, top]])


STILL = View()


def view_at(scene: Scene, moment: float) -> View:
    """How the scene's camera shows its street at a moment."""
    shake_x, shake_y = 0.0, 0.0
    for shake in scene.disturbances_of(Shake):
        if shake.span.holds(moment):
            width, height = scene.background.width, scene.background.height
            sway = scene.chance("shake", moment).normal(0.0, shake.amplitude, 2)
            shake_x, shake_y = shake_x + sway[0], shake_y + sway[1] * width / height
    if scene.fault_span(CameraFault.VIEW_MOVED, moment) is None:
        return View(1.0, shake_x, shake_y) if shake_x or shake_y else STILL
    moved_x, moved_y = _MOVED_BY
    return View(_MOVED_ZOOM, moved_x + shake_x, moved_y + shake_y)
