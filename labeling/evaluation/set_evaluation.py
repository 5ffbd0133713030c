"""How well a model does on one set of pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import NoReturn

import numpy as np

from labeling.evaluation.average_precision import (
    AveragePrecision,
    BoxSize,
    Matches,
    average_precisions,
    matches,
)
from labeling.evaluation.examined_picture import ExaminedPicture
from labeling.evaluation.precision_curve import OperatingPoint, PrecisionCurve, precision_curve
from labeling.evaluation.scored_class import ScoredClass
from models.cards.artefact import Artefact
from models.cards.training_record import ClassResult, ResultInUse, SetResult
from models.rules.rule import DEFAULT_MINIMUM_SCORE
from streams.kit.errors import CityPatrolError

# Fractions in cards and reports are rounded to a hundredth of a point: less is noise.
_DIGITS = 4


class EvaluationError(CityPatrolError):
    """A model cannot be evaluated on a set."""


@dataclass(frozen=True, slots=True, eq=False)
class ClassEvaluation:
    """How well one class is found.

    Attributes:
        scored_class: The class.
        index: Its place among the scored classes.
        sizes: Average precision of each size.
        curve: Precision and recall over the scores.
        operating_point: From which score boxes should count.
    """

    scored_class: ScoredClass
    index: int
    sizes: dict[BoxSize, AveragePrecision]
    curve: PrecisionCurve
    operating_point: OperatingPoint

    @property
    def overall(self) -> AveragePrecision:
        """Average precision over all sizes."""
        return self.sizes[BoxSize.ALL]

    def result(self, card_thresholds: Mapping[str, float]) -> ClassResult:
        """What a model card keeps of it.

        Args:
            card_thresholds: The card's scores by visual class, from which boxes count at a worker.
        """
        point = self.operating_point
        return ClassResult(
            visual_class=self.scored_class.name,
            boxes=self.overall.boxes,
            ap50=round(self.overall.ap50, _DIGITS),
            ap50_95=round(self.overall.ap50_95, _DIGITS),
            precision=round(point.precision, _DIGITS),
            recall=round(point.recall, _DIGITS),
            threshold=round(point.threshold, _DIGITS),
            in_use=self._in_use(card_thresholds),
        )

    def _in_use(self, card_thresholds: Mapping[str, float]) -> ResultInUse | None:
        thresholds = {
            card_thresholds.get(name, DEFAULT_MINIMUM_SCORE)
            for name in self.scored_class.visual_classes
        }
        if len(thresholds) != 1:
            # Boxes of several classes that count from different scores have no common point.
            return None
        point = self.curve.at(thresholds.pop())
        return ResultInUse(
            threshold=point.threshold,
            precision=round(point.precision, _DIGITS),
            recall=round(point.recall, _DIGITS),
        )


@dataclass(frozen=True, slots=True, eq=False)
class SetEvaluation:
    """How well a model does on one split of one set.

    Attributes:
        set_name: The set.
        split: Part of it.
        pictures: What was marked and found in each picture.
        matches: Of each picture, which found box is which marked one.
        classes: Classes that the model knows and that are marked in these pictures.
        not_known: Names of classes that are marked but that the model does not know.
        not_marked: Names of classes of the set of which these pictures hold none.
    """

    set_name: str
    split: str
    pictures: tuple[ExaminedPicture, ...]
    matches: tuple[Matches, ...]
    classes: tuple[ClassEvaluation, ...]
    not_known: tuple[str, ...]
    not_marked: tuple[str, ...]

    @property
    def map50(self) -> float:
        """Mean average precision at an IoU of 0.5 over the classes that the model knows."""
        return fmean(entry.overall.ap50 for entry in self.classes)

    @property
    def map50_95(self) -> float:
        """Mean over IoU 0.50 to 0.95 and the classes that the model knows."""
        return fmean(entry.overall.ap50_95 for entry in self.classes)

    @property
    def map50_of_all(self) -> float:
        """As ``map50``, where a class that the model does not know counts as 0."""
        return self.map50 * len(self.classes) / (len(self.classes) + len(self.not_known))

    @property
    def precision(self) -> float:
        """Mean over the known classes of the precision at their operating points."""
        return fmean(entry.operating_point.precision for entry in self.classes)

    @property
    def recall(self) -> float:
        """Mean over the known classes of the recall at their operating points."""
        return fmean(entry.operating_point.recall for entry in self.classes)

    def result(self, artefact: Artefact, card_thresholds: Mapping[str, float]) -> SetResult:
        """What a model card keeps of it; classes that are not known are named in the note.

        Args:
            artefact: The form of the model that was measured.
            card_thresholds: The card's scores by visual class, from which boxes count at a worker.
        """
        note = ""
        if self.not_known:
            note = (
                f"Not known and not in the means: {', '.join(self.not_known)}. "
                f"With these as 0, mAP50 is {self.map50_of_all:.3f}."
            )
        return SetResult(
            set_name=self.set_name,
            split=self.split,
            format=artefact.format,
            precision=artefact.precision,
            pictures=len(self.pictures),
            map50=round(self.map50, _DIGITS),
            map50_95=round(self.map50_95, _DIGITS),
            classes=tuple(entry.result(card_thresholds) for entry in self.classes),
            note=note,
        )


@dataclass(frozen=True, slots=True)
class PictureGroup:
    """Which pictures are evaluated.

    Attributes:
        set_name: The set that they are from.
        split: Part of it, such as "val".
    """

    set_name: str
    split: str


def evaluate_detections(
    pictures: Sequence[ExaminedPicture],
    classes: Sequence[ScoredClass],
    group: PictureGroup,
    wished_precision: float,
) -> SetEvaluation:
    """Score what was found against what was marked.

    Args:
        pictures: What was marked and found; boxes of all scores, or average precision is low.
        classes: What ``marked_classes`` and ``found_classes`` of the pictures index.
        group: Which pictures these are.
        wished_precision: Each class gets the lowest score threshold that gives it.

    Raises:
        EvaluationError: There is no picture, or nothing that can be scored is marked in them.
    """
    marked = _marked_counts(pictures, len(classes))
    scored = [index for index, entry in enumerate(classes) if entry.is_known and marked[index]]
    if not scored:
        _refuse(pictures, classes, group)
    precisions = average_precisions(pictures, len(classes))
    matched = tuple(matches(pictures, len(classes)))
    evaluated = []
    for index in scored:
        curve = _curve(pictures, matched, index)
        point = curve.operating_point(wished_precision)
        evaluated.append(ClassEvaluation(classes[index], index, precisions[index], curve, point))
    counted = list(zip(classes, marked, strict=True))
    return SetEvaluation(
        group.set_name,
        group.split,
        pictures=tuple(pictures),
        matches=matched,
        classes=tuple(evaluated),
        not_known=tuple(entry.name for entry, count in counted if count and not entry.is_known),
        not_marked=tuple(entry.name for entry, count in counted if not count),
    )


def _marked_counts(pictures: Sequence[ExaminedPicture], class_count: int) -> list[int]:
    classes = [picture.marked_classes for picture in pictures]
    joined = np.concatenate([np.empty(0, np.int64), *classes])
    return [int(count) for count in np.bincount(joined, minlength=class_count)]


def _refuse(
    pictures: Sequence[ExaminedPicture], classes: Sequence[ScoredClass], group: PictureGroup
) -> NoReturn:
    where = f"split {group.split!r} of data set {group.set_name!r}"
    names = ", ".join(entry.name for entry in classes)
    if not any(entry.is_known for entry in classes):
        raise EvaluationError(
            f"the model knows none of the classes of data set {group.set_name!r}: {names}; if it "
            "calls them otherwise, say so in labeling/data_sets/class_aliases.yaml"
        )
    if not pictures:
        raise EvaluationError(f"{where} has no pictures")
    raise EvaluationError(f"in {where} nothing is marked that the model knows of {names}")


def _curve(
    pictures: Sequence[ExaminedPicture], matched: Sequence[Matches], index: int
) -> PrecisionCurve:
    scores, is_right, marked = [np.empty(0)], [np.empty(0, np.bool_)], 0
    for picture, match in zip(pictures, matched, strict=True):
        chosen = picture.found_classes == index
        scores.append(picture.found_scores[chosen])
        is_right.append(match.marked_of_found[chosen] >= 0)
        marked += int((picture.marked_classes == index).sum())
    return precision_curve(np.concatenate(scores), np.concatenate(is_right), marked)
