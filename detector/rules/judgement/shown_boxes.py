"""Shown boxes: what of a look makes a sighting."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Self

import numpy as np
import numpy.typing as npt

from detector.objects.class_groups import FoundObjects


class Undecided(Enum):
    """What a rule says of a look that does not show whether it holds."""

    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, eq=False)
class ShownBoxes:
    """The boxes of one look that make a sighting.

    Attributes:
        boxes: float32 array of shape (k, 4), k >= 1, picture fractions.
        class_names: Visual class of each.
        scores: float32 array of shape (k,).
    """

    boxes: npt.NDArray[np.float32]
    class_names: tuple[str, ...]
    scores: npt.NDArray[np.float32]

    @property
    def best_score(self) -> float:
        """The highest score."""
        # A list of the few there are is quicker than an array's maximum.
        return float(max(self.scores.tolist()))

    @classmethod
    def one(cls, found: FoundObjects, index: int) -> Self:
        """The one at an index of what was found."""
        return cls(
            boxes=found.boxes[index : index + 1],
            class_names=(found.class_names[int(found.class_ids[index])],),
            scores=found.scores[index : index + 1],
        )

    @classmethod
    def chosen(cls, found: FoundObjects, indices: Sequence[int]) -> Self:
        """Those at some indices of what was found."""
        if len(indices) == 1:
            return cls.one(found, indices[0])
        chosen = list(indices)
        class_ids = found.class_ids[chosen].tolist()
        return cls(
            boxes=found.boxes[chosen],
            class_names=tuple([found.class_names[class_id] for class_id in class_ids]),
            scores=found.scores[chosen],
        )
