"""The look view: one look as rules see it, its picture and what of it has changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import cv2
import numpy as np
import numpy.typing as npt

from detector.detections import Detections
from detector.geometry.boxes import BoxSizes, PictureSize, overlaps
from detector.geometry.zone_membership import ZoneMembership
from detector.objects.class_groups import FoundObjects
from detector.objects.object_memory import RememberedObject
from detector.tracking.track_facts import TrackFacts
from models.rules.rule import DEFAULT_MINIMUM_SCORE
from streams.camera_health.picture_measures import shrunk
from streams.camera_health.reference_view import ReferenceView
from streams.camera_health.view_change import CellVerdict, ViewChange
from streams.frame import Frame, Picture
from streams.look_moment import LookMoment

Boxes = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
# An object counts as new where at least this much of what can be compared in its box is not as in
# the reference. Boxes reach over their objects' edges, to what was there before.
NEW_SHARE = 0.5

# And at least so much of its box that shows anything must be comparable.
LEAST_COMPARED = 0.4
# A detector's box shakes by some hundredths of its sides, which leaves an IoU of 0.82 and more with
# the mean of those before; an arm that swings out, or a bucket that rises, leaves less.
UNCHANGED_OUTLINE_IOU = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class LookPicture:
    """The picture of a look.

    Attributes:
        size: Its width and height.
        pixels: uint8 array of shape (height, width, 3), BGR, or None where only what was found
            in it is known.
        view: The reference view that it shows, or None while none is recognised.
    """

    size: PictureSize
    pixels: Picture | None = None
    view: ReferenceView | None = None

    @classmethod
    def of(cls, frame: Frame, view: ReferenceView | None) -> "LookPicture":
        """The picture of a frame that shows a view."""
        return cls(PictureSize(frame.width, frame.height), frame.picture, view)


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
        """Which boxes may show what the reference does not, those that cannot be told included."""
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


@dataclass(frozen=True, slots=True, eq=False)
class LookView:
    """One look, as rules see it.

    Attributes:
        moment: When it was.
        local_time: The same in the district's time zone.
        public_holidays: The district's public holidays.
        found: The boxes that matter to any rule.
        picture: The picture they were found in.
        change: What of the picture is not as in the camera's reference view.
        sizes: How large they are.
        detections: Everything that was seen.
        objects: The remembered object of each box, None where its class is not remembered.
        zones: The camera's zones.
        object_boxes: Shape (n, 4): the boxes, but where an object is remembered, as it stands.
        standing: Shape (n,): which boxes show an object that has been standing.
        moving: Shape (n,): which show one that moves.
        tracks: What is known of each box through its track.
    """

    moment: LookMoment
    local_time: datetime
    public_holidays: Collection[date]
    found: FoundObjects
    picture: LookPicture
    change: LookChange
    sizes: BoxSizes
    detections: Detections
    objects: Sequence[RememberedObject | None]
    zones: ZoneMembership
    object_boxes: Boxes
    standing: npt.NDArray[np.bool_]
    moving: npt.NDArray[np.bool_]
    tracks: TrackFacts

    @property
    def working(self) -> npt.NDArray[np.bool_]:
        """Shape (n,): which boxes move, or stay in their place and change their outline."""
        alike = overlaps(self.found.boxes, self.object_boxes).iou.diagonal()
        return self.moving | (alike < UNCHANGED_OUTLINE_IOU)

    @property
    def in_the_way(self) -> npt.NDArray[np.float32]:
        """Shape (m, 4): all that was surely seen, of whatever class; it hides what is behind it."""
        found = self.detections
        return found.boxes[found.scores >= DEFAULT_MINIMUM_SCORE]
