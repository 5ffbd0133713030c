"""Evaluating a model on a data set, from pictures to figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from detector.detections import Detections
from labeling.data_sets.data_set import DataSet
from labeling.data_sets.labelled_picture import LabelledPicture
from labeling.evaluation.examined_picture import examined_picture
from labeling.evaluation.scored_class import scored_classes
from labeling.evaluation.set_evaluation import (
    EvaluationError,
    PictureGroup,
    SetEvaluation,
    evaluate_detections,
)
from models.cards.model_card import Preprocessing

Detect = Callable[[Sequence[LabelledPicture]], Sequence[Detections]]
"""Looks at pictures and says what is in each, boxes of low scores included."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Examination:
    """What is examined, and what is wished of it.

    Attributes:
        class_names: Visual classes that the model knows, in the order of its output.
        preprocessing: Its input, in whose pixels sizes are told.
        wished_precision: Each class gets the lowest score threshold that gives it.
    """

    class_names: tuple[str, ...]
    preprocessing: Preprocessing
    wished_precision: float = 0.9


def evaluate(
    detect: Detect, data_set: DataSet, split: str, examination: Examination
) -> SetEvaluation:
    """Let ``detect`` look at the pictures of a split, and score what it finds.

    Only classes that the set labels are scored; whatever else the model finds may be there.

    Raises:
        EvaluationError: There is no such split, it is empty, or nothing can be scored in it.
    """
    pictures = split_pictures(data_set, split)
    classes = scored_classes(data_set, examination.class_names)
    counted = data_set.counted_split(split)
    if counted != split:
        log.warning("split_repeated", data_set=str(data_set.folder), split=split, same_as=counted)
    group = PictureGroup(data_set.name, counted)
    if not any(entry.is_known for entry in classes):
        # Said before an hour of inference rather than after it.
        return evaluate_detections([], classes, group, examination.wished_precision)
    examined = [
        examined_picture(picture, found, classes, examination.preprocessing)
        for picture, found in zip(pictures, detect(pictures), strict=True)
    ]
    return evaluate_detections(examined, classes, group, examination.wished_precision)


def split_pictures(data_set: DataSet, split: str) -> tuple[LabelledPicture, ...]:
    """Pictures of a split.

    Raises:
        EvaluationError: There is no such split, or it is empty; says which there are.
    """
    pictures = data_set.splits.get(data_set.counted_split(split), ())
    if not pictures:
        filled = [f"{name} ({len(entry)})" for name, entry in data_set.splits.items() if entry]
        problem = "is empty" if split in data_set.splits else "does not exist"
        raise EvaluationError(
            f"split {split!r} of data set {data_set.folder} {problem}; "
            f"splits with pictures: {', '.join(filled) or 'none'}"
        )
    return pictures
