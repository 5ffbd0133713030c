"""What a card tells about the training of a model: the pictures, and how well it does."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.cards.artefact import ArtefactFormat, ArtefactPrecision
from models.words import PictureSource, Sha256, Viewpoint

Fraction = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]


class TrainingSet(BaseModel):
    """A data set that a model learned from.

    Attributes:
        name: What it is called.
        source: Where it can be had.
        licence: Terms of its pictures and labels.
        sha256: Of the sorted list of its files' hashes, so that the same set is recognised.
        pictures: Pictures trained on, after bad ones and near-duplicates were left out.
        labelled_classes: Visual classes that its annotators marked; all others are unknown in
            its pictures.
        note: Known flaws.
        viewpoint: Where its pictures were taken from, or None if nobody told.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    source: str
    licence: Annotated[str, Field(min_length=1)]
    sha256: Sha256
    pictures: Count
    labelled_classes: tuple[str, ...]
    note: str = ""
    viewpoint: Viewpoint | None = None


class ResultInUse(BaseModel):
    """How well a class is found with the score from which its boxes count at a worker.

    Attributes:
        threshold: That score.
        precision: Share of the boxes found that are right; 0 if none is found.
        recall: Share of the labelled boxes that are found.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: Fraction
    precision: Fraction
    recall: Fraction


class ClassResult(BaseModel):
    """How well one visual class is found in one set.

    Precision and recall are those at ``threshold``.

    Attributes:
        visual_class: The class; where the set does not tell several apart, the set's own word and
            then these in brackets, as in "vehicle (car, bus)".
        boxes: Labelled boxes in the set.
        ap50: Average precision where a box counts from an IoU of 0.5.
        ap50_95: Mean of the average precisions at IoU 0.50, 0.55 … 0.95.
        precision: Share of the boxes found that are right.
        recall: Share of the labelled boxes that are found.
        threshold: The lowest score that gives the wished precision, else the best balance.
        in_use: The same with the score that counts at a worker, where that was measured.
        source: Whether the class had been learnt from the same set, or None if nobody told.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    visual_class: str
    boxes: Count
    ap50: Fraction
    ap50_95: Fraction
    precision: Fraction
    recall: Fraction
    threshold: Fraction
    in_use: ResultInUse | None = None
    source: PictureSource | None = None

    @property
    def visual_classes(self) -> tuple[str, ...]:
        """Every visual class that was scored under this name."""
        _, bracket, listed = self.visual_class.partition(" (")
        return tuple(listed.rstrip(")").split(", ")) if bracket else (self.visual_class,)


class SetResult(BaseModel):
    """How well an artefact does on one set of pictures.

    Attributes:
        set_name: The set.
        split: Part of the set, such as "val".
        format: Form of the model that was measured.
        precision: Its numbers.
        pictures: Pictures measured on.
        map50: Mean of ``ap50`` over the classes that the set labels.
        map50_95: Mean of ``ap50_95`` over them.
        classes: Each of these classes.
        note: What a reader must know, such as that the base model had seen these pictures.
        viewpoint: Where the pictures were taken from, or None if nobody told.
        by_stand_in: Whether not this version was measured but one that was trained by the same
            plan without this set, for want of a set that this version did not learn from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    set_name: str
    split: str
    format: ArtefactFormat
    precision: ArtefactPrecision
    pictures: Count
    map50: Fraction
    map50_95: Fraction
    classes: tuple[ClassResult, ...]
    note: str = ""
    viewpoint: Viewpoint | None = None
    by_stand_in: bool = False
