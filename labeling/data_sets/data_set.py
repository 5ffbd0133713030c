"""A data set: labelled pictures in splits, and which classes its annotators marked."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from labeling.data_sets.data_fault import DataFault
from labeling.data_sets.labelled_picture import LabelledPicture
from streams.kit.errors import CityPatrolError


class DataSetError(CityPatrolError):
    """A data set cannot be used at all; the text names the set, what is wrong and the way out."""


@dataclass(frozen=True, slots=True, eq=False)
class DataSet:
    """Labelled pictures from one source.

    Its splits hold only pictures that may be trained on: what has a fault of a kind that leaves
    out is in ``faults`` alone.

    Attributes:
        name: Name of its folder.
        folder: Where it lies.
        class_names: What it calls its classes, in the order of its class ids.
        visual_classes: For each class, the visual classes that it may be; several where the set
            does not tell them apart. All other visual classes are unlabelled in its pictures.
        source: Where it was had from.
        licence: Terms of its pictures and labels, "unknown" if it does not say.
        note: Known flaws.
        splits: Name of each split to its pictures, in the order of their paths.
        faults: Everything wrong with it.
        repeated_splits: A split that is the same pictures as another, and that other one. Only
            the other is in ``splits``, so that nothing looks held out.
    """

    name: str
    folder: Path
    class_names: tuple[str, ...]
    visual_classes: tuple[tuple[str, ...], ...]
    source: str
    licence: str
    note: str
    splits: Mapping[str, tuple[LabelledPicture, ...]]
    faults: tuple[DataFault, ...]
    repeated_splits: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.visual_classes) != len(self.class_names):
            raise ValueError(
                f"{self.name}: {len(self.visual_classes)} entries of visual classes for "
                f"{len(self.class_names)} classes"
            )

    def counted_split(self, name: str) -> str:
        """The split whose pictures ``name`` means: itself, or the one that it repeats."""
        return self.repeated_splits.get(name, name)

    def split(self, name: str) -> tuple[LabelledPicture, ...]:
        """The pictures of one split.

        Raises:
            DataSetError: The set has no such split.
        """
        try:
            return self.splits[self.counted_split(name)]
        except KeyError:
            raise DataSetError(
                f"data set {self.folder} has no split {name!r}; it has {', '.join(self.splits)}"
            ) from None

    def box_counts(self, split: str) -> dict[str, int]:
        """Boxes in a split by the set's own class name, classes without any included.

        Raises:
            DataSetError: The set has no such split.
        """
        counted = Counter(
            int(class_id) for picture in self.split(split) for class_id in picture.class_ids
        )
        return {name: counted[index] for index, name in enumerate(self.class_names)}

    @property
    def labelled_classes(self) -> tuple[str, ...]:
        """Every visual class that its annotators marked, each once, in the order of its classes."""
        return tuple(dict.fromkeys(name for group in self.visual_classes for name in group))
