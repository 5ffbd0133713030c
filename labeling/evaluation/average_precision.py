"""Average precision and matching as COCO defines them, computed by faster-coco-eval."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from faster_coco_eval import COCO, COCOeval_faster

from detector.inference.yolo_output import MAXIMUM_DETECTIONS
from labeling.evaluation.examined_picture import ExaminedPicture

MATCH_IOU = 0.5
"""A box found is right if it overlaps a marked box of its class by at least this much."""

_NO_MATCH = -1


class BoxSize(StrEnum):
    """How large a thing is in the model's input, as COCO groups them."""

    ALL = "all"
    SMALL = "small"
    """Less than 32 x 32 pixels."""
    MEDIUM = "medium"
    """Less than 96 x 96 pixels."""
    LARGE = "large"


# Areas in input pixels from and to which a size reaches; COCO's numbers.
_AREAS = {
    BoxSize.ALL: (0.0, 1e10),
    BoxSize.SMALL: (0.0, 32.0**2),
    BoxSize.MEDIUM: (32.0**2, 96.0**2),
    BoxSize.LARGE: (96.0**2, 1e10),
}


@dataclass(frozen=True, slots=True)
class AveragePrecision:
    """How well one class of one size is found.

    Attributes:
        size: Size of the marked boxes.
        boxes: Marked boxes of this class and size.
        ap50: Average precision where a box counts from an IoU of 0.5; 0 if nothing is marked.
        ap50_95: Mean of the average precisions at IoU 0.50, 0.55 … 0.95.
    """

    size: BoxSize
    boxes: int
    ap50: float
    ap50_95: float


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Which found box of a picture is which marked one, at an IoU of ``MATCH_IOU``.

    Better scores choose first, each the free marked box of its class that it overlaps most.

    Attributes:
        marked_of_found: int64 array of shape (n,): index of the marked box, or -1 for a found
            box that is wrong.
        is_found: bool array of shape (m,): whether the marked box was found at any score.
    """

    marked_of_found: npt.NDArray[np.int64]
    is_found: npt.NDArray[np.bool_]


def average_precisions(
    pictures: Sequence[ExaminedPicture], class_count: int
) -> list[dict[BoxSize, AveragePrecision]]:
    """Average precision of each class and size."""
    evaluation = _coco(pictures, class_count)
    evaluation.params.areaRng = [list(area) for area in _AREAS.values()]
    evaluation.params.areaRngLbl = list(_AREAS)
    evaluation.evaluate()
    evaluation.accumulate()
    # (IoU thresholds, recall steps, classes, sizes); -1 where nothing is marked.
    precision = evaluation.eval["precision"][..., 0]
    per_threshold = np.maximum(precision, 0.0).mean(axis=1)
    counts = _counts(pictures, class_count)
    return [
        {
            size: AveragePrecision(
                size=size,
                boxes=counts[size][index],
                ap50=float(per_threshold[0, index, place]),
                ap50_95=float(per_threshold[:, index, place].mean()),
            )
            for place, size in enumerate(_AREAS)
        }
        for index in range(class_count)
    ]


def matches(pictures: Sequence[ExaminedPicture], class_count: int) -> list[Matches]:
    """Match found and marked boxes of each picture."""
    evaluation = _coco(pictures, class_count)
    evaluation.params.areaRng = [list(_AREAS[BoxSize.ALL])]
    evaluation.params.areaRngLbl = [BoxSize.ALL]
    evaluation.params.iouThrs = np.array([MATCH_IOU])
    evaluation.evaluate()
    evaluation.accumulate()
    # Ids count from 1 through all pictures, see _coco.
    marked_of_found = np.full(sum(len(picture.found_scores) for picture in pictures), _NO_MATCH)
    for pair in evaluation.eval["matched"]:
        found_id, _, marked_id = pair.partition("_")
        marked_of_found[int(found_id) - 1] = int(marked_id) - 1
    return _by_picture(pictures, marked_of_found)


def _by_picture(
    pictures: Sequence[ExaminedPicture], marked_of_found: npt.NDArray[np.int64]
) -> list[Matches]:
    parts = []
    found_start = marked_start = 0
    for picture in pictures:
        found_end = found_start + len(picture.found_scores)
        own = marked_of_found[found_start:found_end]
        own = np.where(own == _NO_MATCH, _NO_MATCH, own - marked_start)
        is_found = np.isin(np.arange(len(picture.marked_classes)), own)
        parts.append(Matches(own, is_found))
        found_start = found_end
        marked_start += len(picture.marked_classes)
    return parts


def _coco(pictures: Sequence[ExaminedPicture], class_count: int) -> COCOeval_faster:
    marked: list[dict[str, Any]] = []
    found: list[dict[str, Any]] = []
    for number, picture in enumerate(pictures, start=1):
        for box, class_id in zip(picture.marked_boxes, picture.marked_classes, strict=True):
            entry = _entry(number, box, class_id)
            marked.append({**entry, "id": len(marked) + 1, "iscrowd": 0})
        for box, class_id, score in zip(
            picture.found_boxes, picture.found_classes, picture.found_scores, strict=True
        ):
            found.append({**_entry(number, box, class_id), "score": float(score)})
    truth = COCO(
        {
            "images": [{"id": number} for number in range(1, len(pictures) + 1)],
            "categories": [{"id": index, "name": str(index)} for index in range(class_count)],
            "annotations": marked,
        }
    )
    evaluation = COCOeval_faster(
        truth, truth.loadRes(found), "bbox", extra_calc=True, separate_eval=True
    )
    evaluation.print_function = _say_nothing
    evaluation.params.maxDets = [MAXIMUM_DETECTIONS]
    return evaluation


def _entry(number: int, box: npt.NDArray[np.float64], class_id: np.int64) -> dict[str, Any]:
    left, top, right, bottom = map(float, box)
    width, height = right - left, bottom - top
    return {
        "image_id": number,
        "category_id": int(class_id),
        "bbox": [left, top, width, height],
        "area": width * height,
    }


def _counts(pictures: Sequence[ExaminedPicture], class_count: int) -> dict[BoxSize, list[int]]:
    boxes = np.concatenate([np.empty((0, 4)), *(picture.marked_boxes for picture in pictures)])
    classes = np.concatenate(
        [np.empty(0, np.int64), *(picture.marked_classes for picture in pictures)]
    )
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return {
        size: np.bincount(
            classes[(areas >= least) & (areas <= most)], minlength=class_count
        ).tolist()
        for size, (least, most) in _AREAS.items()
    }


def _say_nothing(*_: object) -> None:
    """The library tells its progress; ours is told elsewhere."""
