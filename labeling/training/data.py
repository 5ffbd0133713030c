"""Training data: the sets of a plan, checked, without leaks, split and mapped to the model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
import structlog

from labeling.data_sets.content_hash import pictures_hash
from labeling.data_sets.data_set import DataSet
from labeling.data_sets.labelled_picture import LabelledPicture
from labeling.data_sets.reader import read_data_set
from labeling.data_sets.splits import split_by_place, without_leaks
from labeling.training.merged_pictures import MergedSet, Teaching, write_merged
from labeling.training.plan import (
    FalseBoxes,
    PartialLabels,
    PlannedSet,
    SetUse,
    TrainingPlan,
    TrainingPlanError,
)
from models.cards.training_record import TrainingSet

log = structlog.get_logger(__name__)

HELD_OUT = "held-out"
"""Split of a set that has none of its own to validate on."""


@dataclass(frozen=True, slots=True, eq=False)
class PreparedSet:
    """One set of a plan, ready to be learnt from.

    Attributes:
        planned: What the plan says of it.
        data_set: The set as it was read, with the split that is held out; its boxes are as the
            set has them, false ones included, so that figures compare with those of others.
        held_out_split: That split's name.
        train: Pictures to learn from: without leaks and false boxes.
        leaks: Pictures left out since they show what is held out.
        false_boxes: Boxes left out of ``train``.
        unlicensed: Pictures left out since nobody states their licence.
    """

    planned: PlannedSet
    data_set: DataSet
    held_out_split: str
    train: tuple[LabelledPicture, ...]
    leaks: int
    false_boxes: int
    unlicensed: int = 0

    @property
    def held_out(self) -> tuple[LabelledPicture, ...]:
        """Pictures to validate on."""
        return self.data_set.split(self.held_out_split)

    def record(self) -> TrainingSet:
        """What the card says of it."""
        found = len(self.data_set.faults)
        parts = [self.data_set.note]
        if self.planned.taught_the_base:
            parts.append("the base model had learnt from it")
        if self.planned.use is SetUse.PICTURES:
            parts.append("only its pictures were used, not its labels")
        if self.leaks:
            parts.append(f"{self.leaks} near-duplicates of held-out pictures left out")
        if self.unlicensed:
            parts.append(f"{self.unlicensed} pictures without a stated licence left out")
        if self.false_boxes:
            parts.append(f"{self.false_boxes} boxes known to be false left out")
        if found:
            parts.append(f"{found} faults found by `citypatrol datasets check`")
        labels = self.planned.use is SetUse.LABELS or self.planned.taught_the_base
        return TrainingSet(
            name=self.data_set.name,
            source=self.data_set.source,
            licence=self.data_set.licence,
            sha256=pictures_hash(self.data_set.folder, self.train),
            pictures=len(self.train),
            labelled_classes=self.data_set.labelled_classes if labels else (),
            note="; ".join(part for part in parts if part),
            viewpoint=self.planned.viewpoint,
        )


def prepare_sets(plan: TrainingPlan) -> list[PreparedSet]:
    """Read, check and split the sets of ``plan``.

    Raises:
        DataSetError: A set cannot be used, or a split of it is missing.
        TrainingPlanError: A set has no class of the model.
    """
    return [_prepare(planned, plan) for planned in plan.sets]


def merge_sets(prepared: Sequence[PreparedSet], plan: TrainingPlan, folder: Path) -> Path:
    """Write what Ultralytics trains on; returns its data.yaml.

    Raises:
        MergeError: Nothing is left to train or to validate on.
    """
    is_taught = not plan.is_grafted and plan.partial_labels is PartialLabels.UNKNOWN
    taught = plan.base.kept_classes if is_taught else ()
    teaching = Teaching(plan.base.weights, taught, plan.degrade)
    merged = [part for one in prepared for part in _merged(one, plan)]
    return write_merged(merged, plan.trained_classes, teaching, folder)


def _prepare(planned: PlannedSet, plan: TrainingPlan) -> PreparedSet:
    data_set = read_data_set(planned.folder)
    _refuse_unknown_names(planned, data_set)
    labelled = set(data_set.labelled_classes) & set(plan.class_names)
    if planned.use is SetUse.LABELS and not labelled:
        raise TrainingPlanError(
            f"data set {planned.folder} labels {sorted(data_set.labelled_classes)}, none of which "
            f"the model {plan.name} is to know; map its names in class_aliases.yaml, or take "
            "`use: pictures`"
        )
    data_set, held_out_split = _with_held_out(data_set, planned)
    clean = without_leaks(
        data_set.split(planned.train_split), data_set.split(held_out_split), planned.similarity
    )
    usable = [picture for picture in clean.kept if not _is_left_out(picture, planned, plan)]
    train = tuple(_without(picture, data_set, planned.false_boxes) for picture in usable)
    dropped = _box_count(usable) - _box_count(train)
    unlicensed = len(clean.kept) - len(usable)
    log.info(
        "data_set_prepared",
        name=data_set.name,
        train=len(train),
        held_out=len(data_set.split(held_out_split)),
        faults=len(data_set.faults),
        leaks=len(clean.leaks),
        false_boxes=dropped,
        unlicensed=unlicensed,
    )
    return PreparedSet(
        planned, data_set, held_out_split, train, len(clean.leaks), dropped, unlicensed
    )


def _is_left_out(picture: LabelledPicture, planned: PlannedSet, plan: TrainingPlan) -> bool:
    return plan.only_licensed and any(
        fnmatch(picture.path.name, pattern) for pattern in planned.unlicensed_pictures
    )


def _refuse_unknown_names(planned: PlannedSet, data_set: DataSet) -> None:
    named = [("false_boxes", rule.class_name) for rule in planned.false_boxes]
    named += [("repeat_classes", name) for name in planned.repeat_classes]
    for field, name in named:
        if name not in data_set.class_names:
            raise TrainingPlanError(
                f"{field} of {data_set.folder}: the set has no class {name!r}, "
                f"it has {', '.join(data_set.class_names)}"
            )


def _with_held_out(data_set: DataSet, planned: PlannedSet) -> tuple[DataSet, str]:
    if planned.held_out_split is not None:
        return data_set, planned.held_out_split
    shares = {planned.train_split: 1 - planned.held_out_share, HELD_OUT: planned.held_out_share}
    parts = split_by_place(data_set.split(planned.train_split), shares, planned.similarity)
    return replace(data_set, splits={**data_set.splits, **parts}), HELD_OUT


def _without(
    picture: LabelledPicture, data_set: DataSet, false_boxes: Sequence[FalseBoxes]
) -> LabelledPicture:
    kept = np.ones(len(picture.boxes), np.bool_)
    sizes = picture.boxes[:, 2:] - picture.boxes[:, :2]
    for rule in false_boxes:
        of_class = picture.class_ids == data_set.class_names.index(rule.class_name)
        kept &= ~(of_class & (sizes >= rule.from_width_and_height).all(axis=1))
    return replace(picture, boxes=picture.boxes[kept], class_ids=picture.class_ids[kept])


def _box_count(pictures: Sequence[LabelledPicture]) -> int:
    return sum(len(picture.boxes) for picture in pictures)


def _merged(one: PreparedSet, plan: TrainingPlan) -> list[MergedSet]:
    class_of = tuple(_model_class(names, plan) for names in one.data_set.visual_classes)
    labelled = {plan.trained_classes[class_id] for class_id in class_of if class_id is not None}
    unlabelled = tuple(None for _ in class_of)
    name, planned = one.data_set.name, one.planned
    if one.planned.use is SetUse.LABELS:
        unknown = _unknown(labelled, one, plan)
        more = tuple(planned.repeat_classes.get(own, 1) for own in one.data_set.class_names)
        return [MergedSet(name, class_of, unknown, one.train, one.held_out, planned.repeat, more)]
    # Its labels serve to validate, not to learn: two parts that know different things.
    learnt = MergedSet(f"{name}-pictures", unlabelled, _unknown(set(), one, plan), one.train, ())
    judged = MergedSet(name, class_of, _unknown(labelled, one, plan), (), one.held_out)
    return [replace(learnt, repeat=planned.repeat), judged]


def _model_class(visual_classes: Sequence[str], plan: TrainingPlan) -> int | None:
    """The model's class, or None where the set's class is none or may be one of several."""
    if len(visual_classes) != 1 or visual_classes[0] not in plan.trained_classes:
        return None
    return plan.trained_classes.index(visual_classes[0])


def _unknown(labelled: set[str], one: PreparedSet, plan: TrainingPlan) -> tuple[int, ...]:
    if plan.partial_labels is PartialLabels.ABSENT:
        return ()
    known = labelled | set(one.planned.absent_classes)
    return tuple(index for index, name in enumerate(plan.trained_classes) if name not in known)
