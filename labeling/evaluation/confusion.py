"""What is taken for what: counts of marked classes against found ones."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from labeling.evaluation.average_precision import MATCH_IOU
from labeling.evaluation.examined_picture import ExaminedPicture
from labeling.evaluation.set_evaluation import SetEvaluation

NOTHING = "nothing"
"""Stands for what is marked and not found, and for what is found and not marked."""


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """Counts of boxes at the operating points.

    Attributes:
        names: The classes that were evaluated, then ``NOTHING``.
        counts: int64 array of shape (names, names): marked as row, found as column.
    """

    names: tuple[str, ...]
    counts: npt.NDArray[np.int64]


def confusion(evaluation: SetEvaluation) -> Confusion:
    """Pair marked and found boxes by place, whatever their classes, and count the pairs."""
    places = {entry.index: place for place, entry in enumerate(evaluation.classes)}
    nothing = len(places)
    thresholds = {entry.index: entry.operating_point.threshold for entry in evaluation.classes}
    counts = np.zeros((nothing + 1, nothing + 1), np.int64)
    for picture in evaluation.pictures:
        marked = np.flatnonzero(np.isin(picture.marked_classes, list(places)))
        counting = [
            index
            for index, class_id in enumerate(picture.found_classes)
            if picture.found_scores[index] >= thresholds.get(int(class_id), np.inf)
        ]
        found = np.array(counting, np.int64)
        rows, columns = _pairs(picture, marked, found)
        for row, column in zip(rows, columns, strict=True):
            marked_place = places[int(picture.marked_classes[marked[row]])]
            counts[marked_place, places[int(picture.found_classes[found[column]])]] += 1
        for index in np.delete(marked, rows):
            counts[places[int(picture.marked_classes[index])], nothing] += 1
        for index in np.delete(found, columns):
            counts[nothing, places[int(picture.found_classes[index])]] += 1
    names = (*(entry.scored_class.word for entry in evaluation.classes), NOTHING)
    return Confusion(names, counts)


def overlaps(
    first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Intersection over union of every box of ``first`` with every one of ``second``.

    Args:
        first: Shape (n, 4): left, top, right, bottom.
        second: Shape (m, 4).

    Returns:
        Array of shape (n, m).
    """
    corner = np.maximum(first[:, None, :2], second[None, :, :2])
    opposite = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = np.prod(np.maximum(opposite - corner, 0.0), axis=2)
    areas = [np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (first, second)]
    joined = areas[0][:, None] + areas[1][None, :] - shared
    return np.asarray(shared / np.maximum(joined, 1e-9))


def _pairs(
    picture: ExaminedPicture, marked: npt.NDArray[np.int64], found: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    overlap = overlaps(picture.marked_boxes[marked], picture.found_boxes[found])
    same = picture.marked_classes[marked][:, None] == picture.found_classes[found][None, :]
    # A box of the right class goes first; among others the place alone decides.
    gain = np.where(overlap >= MATCH_IOU, overlap + same, 0.0)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    paired = gain[rows, columns] > 0
    return rows[paired], columns[paired]
