"""Examined pictures made by hand, whose figures can be told on paper."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from labeling.evaluation.examined_picture import ExaminedPicture
from labeling.evaluation.scored_class import ScoredClass

Box = tuple[float, float, float, float]
Marked = tuple[int, Box]
Found = tuple[int, float, Box]


def made_picture(marked: Sequence[Marked], found: Sequence[Found] = ()) -> ExaminedPicture:
    """A picture: per marked box its class and place, per found box also its score."""
    return ExaminedPicture(
        path=Path("made.jpg"),
        marked_boxes=np.array([box for _, box in marked], np.float64).reshape(-1, 4),
        marked_classes=np.array([class_id for class_id, _ in marked], np.int64),
        found_boxes=np.array([box for _, _, box in found], np.float64).reshape(-1, 4),
        found_classes=np.array([class_id for class_id, _, _ in found], np.int64),
        found_scores=np.array([score for _, score, _ in found], np.float64),
    )


def made_classes(*names: str, unknown: Sequence[str] = ()) -> tuple[ScoredClass, ...]:
    """Classes that a model knows, but for those ``unknown``."""
    return tuple(
        ScoredClass(name, (name,), (index,), () if name in unknown else (index,))
        for index, name in enumerate(names)
    )
