"""Boxes that a set draws otherwise than the catalogue means the class, put right.

Two sets may mark one thing differently: the hat alone, or the hat with the face. Learnt as they
are, the boxes would lie between both and fit neither; measured as they are, a right box would
count as a poor one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from labeling.data_sets.labelled_picture import LabelledPicture

_FILE = Path(__file__).with_suffix(".yaml")


class DrawnOtherwise(BaseModel):
    """How one class of one set becomes what the catalogue means.

    Attributes:
        source: How the set's account of its source begins.
        class_name: The set's own name of the class.
        height_from_width: Boxes reach down from their upper edge to this many times their width,
            both in pixels; higher ones stay as they are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Annotated[str, Field(min_length=1)]
    class_name: Annotated[str, Field(min_length=1)]
    height_from_width: Annotated[float, Field(gt=0, le=10)]


@dataclass(frozen=True, slots=True)
class BoxCorrection:
    """What is put right in the pictures of one set.

    Attributes:
        class_id: Index of the class in the set's own names.
        height_from_width: See ``DrawnOtherwise``.
    """

    class_id: int
    height_from_width: float

    def corrected(self, picture: LabelledPicture) -> LabelledPicture:
        """The picture with its boxes of the class reaching as far down as they should."""
        mine = picture.class_ids == self.class_id
        if not mine.any():
            return picture
        boxes = picture.boxes.copy()
        width = (boxes[:, 2] - boxes[:, 0]) * picture.width
        bottom = boxes[:, 1] + width * self.height_from_width / picture.height
        boxes[mine, 3] = bottom.clip(boxes[:, 3], 1.0)[mine]
        return replace(picture, boxes=boxes)


def box_corrections(source: str, class_names: Iterable[str]) -> tuple[BoxCorrection, ...]:
    """What is known to be drawn otherwise in the set from ``source``."""
    ids = {name: index for index, name in enumerate(class_names)}
    return tuple(
        BoxCorrection(ids[known.class_name], known.height_from_width)
        for known in _known()
        if source.startswith(known.source) and known.class_name in ids
    )


@cache
def _known() -> tuple[DrawnOtherwise, ...]:
    content = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return TypeAdapter(tuple[DrawnOtherwise, ...]).validate_python(content)
