"""The tracker: which box of a look is which moving thing of the looks before."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from detector.geometry.boxes import overlaps
from detector.tracking.box_motion import BoxMotion

Boxes = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]

# A track that was not seen for so long is over: whoever comes out from behind a lorry after
# this may be somebody else.
LOST_AFTER_SECONDS = 2.0

# Least overlap of what was found with what was expected.
LEAST_IOU = 0.2
# The same for faint boxes, of which many are nothing.
LEAST_IOU_OF_FAINT = 0.5

# Boxes are made larger by so much of themselves on each side before they are compared, so
# that what moves by its own length between its first two looks can still be followed.
BUFFER = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class TrackedBoxes:
    """Boxes of one look that may be followed.

    Attributes:
        boxes: Shape (n, 4), picture fractions.
        groups: Shape (n,): number of the class group of each; one thing keeps its group.
    """

    boxes: Boxes
    groups: Ids

    def __len__(self) -> int:
        return len(self.groups)


@dataclass(frozen=True, slots=True, eq=False)
class TrackStep:
    """What one look did to the tracks.

    Attributes:
        kept: Shape (tracks before,): which of them go on, in their order. New ones follow.
        new: How many new ones there are.
        rows: Shape (n,): the track of each box of the look.
    """

    kept: npt.NDArray[np.bool_]
    new: int
    rows: Rows


class Tracker:
    """Follows boxes by where they are expected next. Belongs to one thread.

    The association is ByteTrack's (Zhang et al., "ByteTrack: Multi-Object Tracking by
    Associating Every Detection Box", ECCV 2022): first the boxes that count, then, for tracks
    that found none, the faint ones. Boxes are buffered before they are compared (Yang et al.,
    "Hard to Track Objects with Irregular Motions and Similar Appearances? Make It Easier by
    Buffering the Matching Space", WACV 2023). It is our own because no kept library fits:
    trackers and motrackers bring a second OpenCV, norfair wants NumPy 1; edgefirst-tracker,
    norfair-enough, pyxtrackers and similari move their boxes by one fixed step per look, however
    long ago the last one was, and looks come irregularly here; kalbee knows the time, but neither
    classes nor faint boxes, and takes 1.5 ms for twelve boxes, more than all rules together may.
    """

    def __init__(self) -> None:
        self._motion = BoxMotion()
        self._ids = np.zeros(0, np.int64)
        self._groups = np.zeros(0, np.int64)
        self._looks = np.zeros(0, np.int64)
        self._unseen_seconds = np.zeros(0)
        self._next_id = 1

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def ids(self) -> Ids:
        """Number of each track, never used again: shape (tracks,)."""
        return self._ids

    @property
    def looks(self) -> Ids:
        """In how many looks each track was seen: shape (tracks,)."""
        return self._looks

    @property
    def boxes(self) -> Boxes:
        """Where the tracks are, boxes smoothed: shape (tracks, 4), picture fractions."""
        return self._motion.boxes

    def advance(self, found: TrackedBoxes, faint: TrackedBoxes, seconds: float) -> TrackStep:
        """Follow the tracks into the next look.

        Args:
            found: Boxes that count; each gets a track.
            faint: Boxes that score too little to count, by which tracks are followed through
                moments in which they are half hidden.
            seconds: Time since the look before.
        """
        self._motion.predict(seconds)
        self._unseen_seconds += seconds
        expected = self._motion.boxes
        free = np.ones(len(self), np.bool_)
        rows, columns = self._matches(expected, free, found, LEAST_IOU, BUFFER)
        free[rows] = False
        # ByteTrack: only what was seen a moment ago is looked for among the faint boxes.
        lately = free & (self._unseen_seconds <= seconds)
        again, faintly = self._matches(expected, lately, faint, LEAST_IOU_OF_FAINT, 0.0)
        self._see(
            np.concatenate((rows, again)),
            np.concatenate((found.boxes[columns], faint.boxes[faintly])),
        )
        kept = self._go_on()
        of_boxes = np.full(len(found), -1, np.intp)
        # Where none is over, all keep their rows.
        of_boxes[columns] = rows if kept.all() else (np.cumsum(kept) - 1)[rows]
        new = self._begin(found, of_boxes)
        return TrackStep(kept, new, of_boxes)

    def _matches(
        self,
        expected: Boxes,
        free: npt.NDArray[np.bool_],
        found: TrackedBoxes,
        least_iou: float,
        buffer: float,
    ) -> tuple[Rows, Rows]:
        """Rows of free tracks, and the boxes that are theirs."""
        nothing = np.zeros(0, np.intp)
        if not len(found) or not free.any():
            return nothing, nothing
        shared = overlaps(_buffered(expected, buffer), _buffered(found.boxes, buffer)).iou
        possible = (shared >= least_iou) & free[:, None]
        possible &= self._groups[:, None] == found.groups[None, :]
        rows, columns = linear_sum_assignment(np.where(possible, shared, 0.0), maximize=True)
        real = possible[rows, columns]
        return rows[real], columns[real]

    def _see(self, rows: Rows, boxes: Boxes) -> None:
        self._motion.correct(rows, boxes)
        self._looks[rows] += 1
        self._unseen_seconds[rows] = 0.0

    def _go_on(self) -> npt.NDArray[np.bool_]:
        """Forget tracks that are over; what was seen but once is not waited for."""
        kept = self._unseen_seconds <= LOST_AFTER_SECONDS
        kept &= (self._looks > 1) | (self._unseen_seconds == 0)
        if not kept.all():
            self._motion.keep(kept)
            self._ids, self._groups = self._ids[kept], self._groups[kept]
            self._looks, self._unseen_seconds = self._looks[kept], self._unseen_seconds[kept]
        return kept

    def _begin(self, found: TrackedBoxes, of_boxes: Rows) -> int:
        """Begin a track for every box that has none; returns how many."""
        new = np.flatnonzero(of_boxes < 0)
        if not len(new):
            return 0
        of_boxes[new] = len(self) + np.arange(len(new))
        self._motion.begin(found.boxes[new])
        self._ids = np.append(self._ids, self._next_id + np.arange(len(new)))
        self._next_id += len(new)
        self._groups = np.append(self._groups, found.groups[new])
        self._looks = np.append(self._looks, np.ones(len(new), np.int64))
        self._unseen_seconds = np.append(self._unseen_seconds, np.zeros(len(new)))
        return len(new)


def _buffered(boxes: Boxes, buffer: float) -> Boxes:
    if not buffer:
        return boxes
    margins = buffer * (boxes[:, 2:] - boxes[:, :2])
    return np.concatenate((boxes[:, :2] - margins, boxes[:, 2:] + margins), axis=1)
