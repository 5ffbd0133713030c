"""Look change: what of a look's picture is not as in the camera's reference view."""

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from detector.rules.look_picture import LookPicture
from streams.camera_health.picture_measures import shrunk
from streams.camera_health.view_change import CellVerdict, ViewChange

Boxes = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# An object counts as new where at least this much of what can be compared in its box is not as in
# the reference. Boxes reach over their objects' edges, to what was there before.
NEW_SHARE = 0.5

# And at least so much of its box that shows anything must be comparable.
LEAST_COMPARED = 0.4


@dataclass(slots=True, eq=False)
class LookChange:
    """Compares a look's picture with the view that it shows, when first asked.

    Attributes:
        picture: The look's picture.
    """

    picture: LookPicture
    _compared: ViewChange | None = field(default=None, init=False)

    @property
    def can_be_told(self) -> bool:
        """Whether there is a picture, and a view to compare it with."""
        return self.picture.pixels is not None and self.picture.view is not None

    def whole(self) -> ViewChange:
        """The whole picture.

        Raises:
            RuntimeError: Nothing can be compared, see ``can_be_told``.
        """
        pixels, view = self.picture.pixels, self.picture.view
        if pixels is None or view is None:
            raise RuntimeError("a look without picture or view was asked what has changed")
        if self._compared is None:
            grey = cv2.cvtColor(shrunk(pixels), cv2.COLOR_BGR2GRAY)
            self._compared = view.change(np.asarray(grey, np.uint8))
        return self._compared

    def surely_new(self, boxes: Boxes, asked: Mask) -> Mask:
        """Which boxes show what the reference does not show: shape (n,).

        Args:
            boxes: Shape (n, 4), picture fractions.
            asked: Shape (n,): those that are asked for; of others it says no.
        """
        counts = self._counts(boxes, asked)
        changed = counts[:, CellVerdict.CHANGED]
        compared = changed + counts[:, CellVerdict.SAME]
        known = compared >= LEAST_COMPARED * (compared + counts[:, CellVerdict.UNKNOWN])
        new: Mask = known & (changed > 0) & (changed >= NEW_SHARE * compared)
        return new

    def perhaps_new(self, boxes: Boxes, asked: Mask) -> Mask:
        """The same with those of which it cannot be told."""
        counts = self._counts(boxes, asked)
        possible = counts[:, CellVerdict.CHANGED] + counts[:, CellVerdict.UNKNOWN]
        shows = possible + counts[:, CellVerdict.SAME]
        perhaps: Mask = (possible > 0) & (possible >= NEW_SHARE * shows)
        return perhaps

    def _counts(self, boxes: Boxes, asked: Mask) -> npt.NDArray[np.int64]:
        """Parts of each verdict in each box: shape (n, verdicts); none of boxes not asked for."""
        counts = np.zeros((len(boxes), len(CellVerdict)), np.int64)
        for index in np.flatnonzero(asked).tolist():
            cells = self.whole().of_box(boxes[index])
            counts[index] = np.bincount(cells.ravel(), minlength=len(CellVerdict))
        return counts
