"""Examples: which boxes of a picture are right, wrong or missed at the operating points."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from labeling.evaluation.set_evaluation import SetEvaluation


class Verdict(StrEnum):
    """What became of a box."""

    RIGHT = "right"
    """Found, and marked."""
    FALSE_ALARM = "false_alarm"
    """Found, but not marked."""
    MISSED = "missed"
    """Marked, but not found."""


@dataclass(frozen=True, slots=True, eq=False)
class ExampleBox:
    """One box and what became of it.

    Attributes:
        verdict: Right, false alarm or missed.
        class_name: Name of its class.
        box: float64 array of shape (4,): left, top, right, bottom in input pixels.
        score: Its score; None if nothing was found.
    """

    verdict: Verdict
    class_name: str
    box: npt.NDArray[np.float64]
    score: float | None

    @property
    def area(self) -> float:
        """Square input pixels."""
        left, top, right, bottom = self.box
        return float((right - left) * (bottom - top))


@dataclass(frozen=True, slots=True, eq=False)
class ExamplePicture:
    """One picture with every box that counts in it.

    Attributes:
        path: The picture.
        boxes: Its boxes.
    """

    path: Path
    boxes: tuple[ExampleBox, ...]

    def of(self, verdict: Verdict) -> list[ExampleBox]:
        """Its boxes of this verdict."""
        return [box for box in self.boxes if box.verdict is verdict]


# How much a picture says about each verdict; the greatest are shown first.
_TELLING: dict[Verdict, Callable[[ExampleBox], float]] = {
    Verdict.RIGHT: lambda box: box.score or 0.0,
    Verdict.FALSE_ALARM: lambda box: box.score or 0.0,
    Verdict.MISSED: lambda box: box.area,
}


def example_pictures(evaluation: SetEvaluation) -> list[ExamplePicture]:
    """Every picture with its boxes as the operating points would show them."""
    names = {entry.index: entry.scored_class.word for entry in evaluation.classes}
    thresholds = {entry.index: entry.operating_point.threshold for entry in evaluation.classes}
    pictures = []
    for picture, match in zip(evaluation.pictures, evaluation.matches, strict=True):
        boxes = []
        found_marks = set()
        for index, class_id in enumerate(picture.found_classes.tolist()):
            score = float(picture.found_scores[index])
            if score < thresholds.get(class_id, np.inf):
                continue
            mark = int(match.marked_of_found[index])
            found_marks.add(mark)
            verdict = Verdict.RIGHT if mark >= 0 else Verdict.FALSE_ALARM
            boxes.append(ExampleBox(verdict, names[class_id], picture.found_boxes[index], score))
        for index, class_id in enumerate(picture.marked_classes.tolist()):
            if index not in found_marks and class_id in names:
                box = picture.marked_boxes[index]
                boxes.append(ExampleBox(Verdict.MISSED, names[class_id], box, None))
        pictures.append(ExamplePicture(picture.path, tuple(boxes)))
    return pictures


def most_telling(
    pictures: Sequence[ExamplePicture], verdict: Verdict, count: int
) -> list[ExamplePicture]:
    """Pictures that show ``verdict`` best, the classes taking turns.

    For right ones and false alarms these are the surest, for missed ones the largest.
    """
    telling = _TELLING[verdict]
    ranked: dict[str, list[tuple[float, int]]] = {}
    for index, picture in enumerate(pictures):
        best: dict[str, float] = {}
        for box in picture.of(verdict):
            best[box.class_name] = max(best.get(box.class_name, 0.0), telling(box))
        for name, value in best.items():
            ranked.setdefault(name, []).append((-value, index))
    chosen: dict[int, None] = {}
    for index in _in_turns([sorted(entries) for _, entries in sorted(ranked.items())]):
        chosen.setdefault(index)
        if len(chosen) == count:
            break
    return [pictures[index] for index in chosen]


def _in_turns(lists: Sequence[Sequence[tuple[float, int]]]) -> Iterator[int]:
    for place in range(max(map(len, lists), default=0)):
        for entries in lists:
            if place < len(entries):
                yield entries[place][1]
