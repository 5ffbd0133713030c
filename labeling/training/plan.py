"""The training plan: the file that `citypatrol train` takes."""

import os
import string
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from labeling.data_sets.near_duplicates import SIMILARITY
from models.model_version import ModelVersion
from models.words import ModelName, VersionText, Viewpoint, VisualClass
from streams.kit.errors import CityPatrolError
from streams.kit.validation import problems_text, repeated

Repetitions = Annotated[int, Field(ge=1, le=100)]
Fraction = Annotated[float, Field(ge=0, le=1)]


class TrainingPlanError(CityPatrolError):
    """A training plan is missing, unreadable or asks for what cannot be."""


class SetUse(StrEnum):
    """What of a data set is trained on."""

    LABELS = "labels"
    """Its pictures and the boxes that its annotators drew."""
    PICTURES = "pictures"
    """Its pictures only: the base model says what is on them."""


class Keeping(StrEnum):
    """How the new model keeps what the base model knew."""

    GRAFTED = "grafted"
    """The base model's own upper layers stay in the new model, untouched, beside new ones over
    the layers that both share: nothing is forgotten, and inference costs more. A base that was
    grafted itself is taken apart again, and its trained layers go on learning."""
    TAUGHT = "taught"
    """All layers learn, and the base model says what it sees on each training picture: inference
    costs as before, and classes that the pictures seldom show fade."""


class PartialLabels(StrEnum):
    """What becomes of classes that a set does not label."""

    UNKNOWN = "unknown"
    """They may be there: nothing is learnt of them from the set's pictures."""
    ABSENT = "absent"
    """They count as not there, as if the sets were simply joined. For comparisons only: it
    teaches the model to overlook what it knew."""


class FalseBoxes(BaseModel):
    """Boxes of a set that are known to mark nothing.

    Attributes:
        class_name: The set's own name of their class.
        from_width_and_height: Boxes at least this wide and high, as fractions of the picture,
            are false. Some sets mark pictures without anything by a box around the picture.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    class_name: str
    from_width_and_height: Annotated[float, Field(gt=0, le=1)]


class PlannedSet(BaseModel):
    """One data set of a plan.

    Attributes:
        folder: Where it lies; relative to the plan's file, ``${VARIABLE}`` from the environment.
        use: What of it is trained on.
        absent_classes: Visual classes that it does not label and that are surely not in its
            pictures; there the model learns not to see them. All others count as unknown.
        train_split: Its split to learn from.
        held_out_split: Its split to validate on; nothing of it is learnt from. None for a part
            of ``train_split``, whole near-duplicate groups and cameras, chosen by their hash.
        held_out_share: How large that part is.
        repeat: How often each picture comes per epoch.
        repeat_classes: Names of rare classes, as the set has them, and how many times as often
            a picture comes that shows one; of several the largest counts.
        similarity: From here a picture counts as a near-duplicate of a held-out one and is not
            trained on; see ``near_duplicates.SIMILARITY``.
        false_boxes: Boxes to leave out.
        viewpoint: Where its pictures were taken from, for the card.
        taught_the_base: Whether the base model had learnt from these very pictures, so that they
            tell nothing of how it does elsewhere.
        unlicensed_pictures: Patterns of the file names of pictures whose makers state no
            licence; ``only_licensed`` leaves them out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path
    use: SetUse = SetUse.LABELS
    absent_classes: tuple[VisualClass, ...] = ()
    train_split: str = "train"
    held_out_split: str | None = "val"
    held_out_share: Annotated[float, Field(ge=0, lt=1)] = 0.2
    repeat: Repetitions = 1
    repeat_classes: dict[str, Repetitions] = {}
    similarity: Annotated[float, Field(ge=0.3, le=1)] = SIMILARITY
    false_boxes: tuple[FalseBoxes, ...] = ()
    viewpoint: Viewpoint | None = None
    taught_the_base: bool = False
    unlicensed_pictures: tuple[str, ...] = ()


class BaseModelPlan(BaseModel):
    """The trained model to start from.

    Attributes:
        weights: Its Ultralytics file (.pt).
        version: Which registered version it is, or None.
        kept_classes: Visual classes that the new model keeps from it.
        keeping: How it keeps them.
        shared_layers: Where they are grafted, how many of the first layers both share. They do
            not learn. 5 is the part of YOLO11 up to an eighth of the picture's size, 11 its
            whole backbone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: Path
    version: ModelVersion | None = None
    kept_classes: tuple[VisualClass, ...] = ()
    keeping: Keeping = Keeping.TAUGHT
    shared_layers: Annotated[int, Field(ge=0, le=100)] = 5


class Stage(BaseModel):
    """One part of the training; each starts from the one before.

    Attributes:
        name: What its folder is called.
        epochs: How often it goes through all pictures.
        frozen_layers: How many of the model's first layers do not learn; 11 is the backbone of
            YOLO11.
        input_pixels: Side of the square training picture.
        learning_rate: Of AdamW, at its highest; it falls to a twentieth along a cosine.
        mosaic: Share of training pictures that are joined from four.
        mixup: Share of training pictures that are laid half transparent over another. A few
            hundred pictures are learnt by heart otherwise.
        own_share: What the stage leaves is this share of its own weights and for the rest those
            it started from (see ``weight_blending``); 1 for its own alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
    epochs: Annotated[int, Field(ge=1, le=10_000)]
    frozen_layers: Annotated[int, Field(ge=0, le=100)] = 0
    input_pixels: Annotated[int, Field(ge=32, le=4096, multiple_of=32)] = 640
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.0005
    mosaic: Fraction = 0.7
    mixup: Fraction = 0.0
    own_share: Annotated[float, Field(gt=0, le=1)] = 1.0


class UnseenSources(BaseModel):
    """How the new classes are measured on pictures from sources that were not trained on.

    Where all sets are trained on, each is left out in turn: a stand-in, trained by the same plan
    without some of the sets, is measured on these.

    Attributes:
        weights: Weights that have learnt from none of the sets, to start the stand-ins from.
        left_out: For each stand-in the folder names of the sets that it does without. A class
            that no other set labels cannot be measured so.
        stages: Parts of a stand-in's training; shorter ones make the figures a little too low.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: Path
    left_out: Annotated[tuple[tuple[str, ...], ...], Field(min_length=1)]
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]


class TrainingPlan(BaseModel):
    """What to train, from what, and how.

    Attributes:
        name: Name of the model.
        version: Version that comes out.
        summary: Text for the model card, in Markdown: what it is for and where it fails.
        licence: Terms of the weights.
        base: The model to start from.
        new_classes: Visual classes that are learnt beside those kept from the base.
        sets: Data sets.
        stages: Parts of the training, in their order.
        batch: Pictures per step, over all GPUs.
        device: "cpu", the number of a GPU, or several with commas; "" takes the first GPU if
            there is one.
        loader_processes: Processes that prepare pictures for a GPU, per GPU.
        degrade: Spoil a part of the pictures as street cameras do.
        partial_labels: What becomes of classes that a set does not label.
        self_test_picture: A picture that every worker can be given; what the finished model
            finds in it surely becomes its self-test. None for no self-test.
        calibration_pictures: Training pictures that the INT8 form is calibrated with.
        seed: Of everything random.
        only_licensed: Train without pictures whose makers state no licence.
        unseen_sources: How to measure on sources that were not trained on, or None.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ModelName
    version: VersionText
    summary: str = ""
    licence: str = "AGPL-3.0"
    base: BaseModelPlan
    new_classes: tuple[VisualClass, ...]
    sets: Annotated[tuple[PlannedSet, ...], Field(min_length=1)]
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    batch: Annotated[int, Field(ge=2, le=4096)] = 16
    device: Annotated[str, Field(pattern=r"^(cpu|[0-9]+(,[0-9]+)*|)$")] = ""
    loader_processes: Annotated[int, Field(ge=0, le=256)] = 8
    degrade: bool = True
    partial_labels: PartialLabels = PartialLabels.UNKNOWN
    self_test_picture: Path | None = None
    calibration_pictures: Annotated[int, Field(ge=10, le=10_000)] = 300
    seed: Annotated[int, Field(ge=0)] = 1
    only_licensed: bool = False
    unseen_sources: UnseenSources | None = None

    @model_validator(mode="after")
    def _names_nothing_twice(self) -> Self:
        for what, names in (
            ("classes", list(self.class_names)),
            ("stages", [stage.name for stage in self.stages]),
            ("sets", [planned.folder.name for planned in self.sets]),
        ):
            twice = repeated(names)
            if twice:
                raise ValueError(f"{what} has {twice} more than once")
        return self

    @model_validator(mode="after")
    def _leaves_shared_layers_alone(self) -> Self:
        stand_ins = self.unseen_sources.stages if self.unseen_sources else ()
        for stage in (*self.stages, *stand_ins):
            if self.is_grafted and stage.frozen_layers < self.base.shared_layers:
                raise ValueError(
                    f"stages: {stage.name} freezes {stage.frozen_layers} layers, but the first "
                    f"{self.base.shared_layers} are shared with the base model: freeze these"
                )
        return self

    @model_validator(mode="after")
    def _knows_absent_classes(self) -> Self:
        for planned in self.sets:
            unknown = sorted(set(planned.absent_classes) - set(self.class_names))
            if unknown:
                raise ValueError(
                    f"sets: {planned.folder.name} calls {unknown} absent, which are no classes "
                    "of this model"
                )
        return self

    @model_validator(mode="after")
    def _leaves_out_its_own_sets(self) -> Self:
        names = {planned.folder.name for planned in self.sets}
        for left_out in self.unseen_sources.left_out if self.unseen_sources else ():
            unknown = sorted(set(left_out) - names)
            if unknown:
                raise ValueError(
                    f"unseen_sources: left_out names {unknown}, which are no sets of this plan; "
                    f"it has {sorted(names)}"
                )
            if set(left_out) == names:
                raise ValueError(f"unseen_sources: left_out leaves no set: {sorted(left_out)}")
        return self

    @property
    def model_version(self) -> ModelVersion:
        """Name and version of what comes out."""
        return ModelVersion(name=self.name, version=self.version)

    @property
    def is_grafted(self) -> bool:
        """Whether the base model's upper layers become a part of the new model."""
        return bool(self.base.kept_classes) and self.base.keeping is Keeping.GRAFTED

    @property
    def trained_classes(self) -> tuple[str, ...]:
        """Visual classes that training is about, in the order of the trained head."""
        return self.new_classes if self.is_grafted else self.class_names

    @property
    def class_names(self) -> tuple[str, ...]:
        """Visual classes of the model, in the order of its output."""
        return (*self.base.kept_classes, *self.new_classes)


def read_training_plan(path: Path) -> TrainingPlan:
    """Read a plan; its relative paths count from its own folder.

    Raises:
        TrainingPlanError: It cannot be read, or a field is missing or wrong.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise TrainingPlanError(f"training plan {path} cannot be read: {reason}") from None
    try:
        plan = TrainingPlan.model_validate(content)
    except ValidationError as error:
        raise TrainingPlanError(f"training plan {path}: {problems_text(error)}") from None
    base = plan.base.model_copy(update={"weights": _resolved(plan.base.weights, path)})
    sets = tuple(
        planned.model_copy(update={"folder": _resolved(planned.folder, path)})
        for planned in plan.sets
    )
    picture = plan.self_test_picture and _resolved(plan.self_test_picture, path)
    unseen = plan.unseen_sources and plan.unseen_sources.model_copy(
        update={"weights": _resolved(plan.unseen_sources.weights, path)}
    )
    return plan.model_copy(
        update={
            "base": base,
            "sets": sets,
            "self_test_picture": picture,
            "unseen_sources": unseen,
        }
    )


def _resolved(path: Path, plan_path: Path) -> Path:
    try:
        text = string.Template(str(path)).substitute(os.environ)
    except (KeyError, ValueError) as error:
        raise TrainingPlanError(
            f"training plan {plan_path}: path {path} names the environment variable {error}, "
            "which is not set"
        ) from None
    return (plan_path.parent / text).resolve()
