"""Unknown regions: parts of a picture where a class may be present although nobody marked it.

A data set labels only its own classes. In its pictures every other class is unknown: a car in
a garbage picture is no proof that there is no car. Training must know this per pixel, since a
mosaic joins pictures of several sets. So an unknown region is written into the label file as
one more box, whose class id lies beyond the model's classes; it then passes through mosaic,
scaling, shifting and flipping exactly as the labels do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class UnknownRegions:
    """The kinds of unknown region in a merged data set.

    Attributes:
        class_count: Number of the model's classes; region kind k has class id
            ``class_count + k``.
        unknown_classes: For each kind, ids of the classes that are unknown inside.

    Example:
        >>> regions = UnknownRegions(3, ((0,), (1, 2)))
        >>> regions.mask().tolist()
        [[True, False, False], [False, True, True]]
    """

    class_count: int
    unknown_classes: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        for kind, ids in enumerate(self.unknown_classes):
            wrong = [class_id for class_id in ids if not 0 <= class_id < self.class_count]
            if wrong:
                raise ValueError(
                    f"unknown region {kind} names the classes {wrong}, "
                    f"but there are {self.class_count} classes"
                )

    def class_id(self, kind: int) -> int:
        """Class id that stands for region ``kind`` in a label file."""
        return self.class_count + kind

    def names(self, class_names: Sequence[str]) -> dict[int, str]:
        """Names of the model's classes and of the region kinds, by class id."""
        kinds = [f"unknown region {kind}" for kind in range(len(self.unknown_classes))]
        return dict(enumerate([*class_names, *kinds]))

    def mask(self) -> npt.NDArray[np.bool_]:
        """Which classes are unknown in which kind: shape (kinds, classes)."""
        mask = np.zeros((len(self.unknown_classes), self.class_count), np.bool_)
        for kind, ids in enumerate(self.unknown_classes):
            mask[kind, list(ids)] = True
        return mask
