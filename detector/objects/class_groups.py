"""Class groups: visual classes that a model takes for one another on the same object."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detector.detections import Detections
from detector.geometry.boxes import foot_points, overlaps

# Within a group the class of one object flips from look to look; across groups it hardly does.
CONFUSED_CLASSES = (
    ("car", "truck", "bus"),
    ("bicycle", "motorcycle"),
    ("dog", "cow", "horse", "sheep"),
    ("backpack", "handbag", "suitcase"),
    ("garbage_bin", "overflowing_bin"),
)
_GROUP_OF = {name: group[0] for group in CONFUSED_CLASSES for name in group}

# Two boxes of one group that overlap more than this are one object found twice (as a car and
# as a truck, say); the model's own suppression works within one class only.
SAME_OBJECT_IOU = 0.7


def group_of(class_name: str) -> str:
    """Name of the class group that a class belongs to; its own name if it is alone."""
    return _GROUP_OF.get(class_name, class_name)


@dataclass(frozen=True, slots=True, eq=False)
class FoundObjects:
    """The boxes of one look that matter to any rule, each object once.

    Attributes:
        boxes: float32 array of shape (n, 4), fractions of the picture clipped to 0..1.
        scores: float32 array of shape (n,).
        class_ids: int64 array of shape (n,), indices into ``class_names``.
        group_ids: int64 array of shape (n,); equal for classes of one group.
        class_names: Every class that would have been found.
        class_thresholds: As in ``Detections``.
    """

    boxes: npt.NDArray[np.float32]
    scores: npt.NDArray[np.float32]
    class_ids: npt.NDArray[np.int64]
    group_ids: npt.NDArray[np.int64]
    class_names: tuple[str, ...]
    class_thresholds: tuple[float, ...] = ()

    def __len__(self) -> int:
        return len(self.scores)

    def only(self, chosen: npt.NDArray[np.intp]) -> "FoundObjects":
        """The boxes at these indices, in their order."""
        return FoundObjects(
            boxes=self.boxes[chosen],
            scores=self.scores[chosen],
            class_ids=self.class_ids[chosen],
            group_ids=self.group_ids[chosen],
            class_names=self.class_names,
            class_thresholds=self.class_thresholds,
        )

    @property
    def feet(self) -> npt.NDArray[np.float32]:
        """Foot points, the middle of each box's lower edge: shape (n, 2)."""
        return foot_points(self.boxes)


def group_floors(
    class_names: Sequence[str], minimum_scores: Mapping[str, float]
) -> npt.NDArray[np.float32]:
    """The lowest score that matters of each class: shape (classes,), infinite where none does.

    Args:
        class_names: The classes.
        minimum_scores: Lowest score that matters, by class group.
    """
    return np.array(
        [minimum_scores.get(group_of(name), np.inf) for name in class_names], np.float32
    )


def find_objects(detections: Detections, floors: npt.NDArray[np.float32]) -> FoundObjects:
    """Keep the boxes that matter, and each object once.

    Args:
        detections: What the model found in a frame.
        floors: Lowest score that matters of each of its classes, as ``group_floors`` says.
    """
    names = detections.class_names
    scores, class_ids = detections.scores, detections.class_ids
    (kept,) = np.nonzero(scores >= floors[class_ids])
    kept = kept[np.argsort(-scores[kept], kind="stable")]
    boxes = np.minimum(np.maximum(detections.boxes[kept], 0.0), 1.0)
    group_ids = _group_ids(names)[class_ids[kept]]
    unique = _first_of_each(boxes, group_ids)
    if len(unique) < len(kept):
        kept, boxes, group_ids = kept[unique], boxes[unique], group_ids[unique]
    return FoundObjects(
        boxes=boxes,
        scores=np.minimum(np.maximum(scores[kept], 0.0), 1.0),
        class_ids=class_ids[kept],
        group_ids=group_ids,
        class_names=names,
        class_thresholds=detections.class_thresholds,
    )


def faint_objects(
    detections: Detections, floors: npt.NDArray[np.float32], groups: frozenset[str]
) -> FoundObjects:
    """The boxes of some class groups that ``find_objects`` leaves out for their score.

    An object may be among them several times, and reach beyond the picture.

    Args:
        detections: What the model found in a frame.
        floors: As for ``find_objects``.
        groups: The class groups.
    """
    names = detections.class_names
    kept = detections.scores < floors[detections.class_ids]
    kept &= group_mask(names, groups)[detections.class_ids]
    class_ids = detections.class_ids[kept]
    return FoundObjects(
        boxes=detections.boxes[kept],
        scores=detections.scores[kept],
        class_ids=class_ids,
        group_ids=_group_ids(names)[class_ids],
        class_names=names,
        class_thresholds=detections.class_thresholds,
    )


@functools.lru_cache(maxsize=1024)
def class_mask(class_names: tuple[str, ...], wanted: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Which of the model's classes are wanted: shape (classes,). Not to be written to."""
    return _mask(class_names, wanted)


@functools.lru_cache(maxsize=1024)
def group_mask(class_names: tuple[str, ...], wanted: frozenset[str]) -> npt.NDArray[np.bool_]:
    """Which of the model's classes lie in wanted groups: shape (classes,). Not to be written."""
    return _mask((group_of(name) for name in class_names), wanted)


def _mask(names: Iterable[str], wanted: Iterable[str]) -> npt.NDArray[np.bool_]:
    mask = np.array([name in wanted for name in names], np.bool_)
    mask.flags.writeable = False
    return mask


class GroupNumbers:
    """Numbers of class groups, which stay while the models that look come and go."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._class_names: tuple[str, ...] = ()
        self._of_classes = np.zeros(0, np.int64)

    def of_classes(self, class_names: tuple[str, ...]) -> npt.NDArray[np.int64]:
        """The number of each class's group: shape (classes,). Not to be written to."""
        if class_names != self._class_names:
            numbers = [self.of_group(group_of(name)) for name in class_names]
            self._class_names, self._of_classes = class_names, np.array(numbers, np.int64)
        return self._of_classes

    def of_group(self, group: str) -> int:
        """The number of a class group."""
        return self._known.setdefault(group, len(self._known))


@functools.lru_cache(maxsize=64)
def _group_ids(class_names: tuple[str, ...]) -> npt.NDArray[np.int64]:
    numbers: dict[str, int] = {}
    ids = [numbers.setdefault(group_of(name), len(numbers)) for name in class_names]
    return np.array(ids, np.int64)


def _first_of_each(boxes: npt.NDArray[np.float32], group_ids: npt.NDArray[np.int64]) -> list[int]:
    """Indices of the boxes that show an object which none of those before shows."""
    same = overlaps(boxes, boxes).iou > SAME_OBJECT_IOU
    same &= group_ids[:, None] == group_ids
    # Boxes come best first: a box falls to any kept one before it.
    fallen: set[int] = set()
    first, second = same.nonzero()
    for better, index in zip(first.tolist(), second.tolist(), strict=True):
        if better < index and better not in fallen:
            fallen.add(index)
    return [index for index in range(len(boxes)) if index not in fallen]
