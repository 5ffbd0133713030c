"""What is wrong with a file of a data set, and what that means for training."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class DataFaultKind(StrEnum):
    """What is wrong.

    A picture of which one true label is lost would teach a miss, so one bad label line leaves
    out the whole picture. What can be put right without guessing is put right and counted.
    """

    PICTURE_UNREADABLE = "picture_unreadable"
    """The file cannot be opened or is no picture of a known form."""
    PICTURE_EMPTY_FILE = "picture_empty_file"
    """The file has no bytes."""
    PICTURE_BROKEN = "picture_broken"
    """It is torn or damaged; most decoders would fill the rest with grey and say nothing."""
    PICTURE_SIZE = "picture_size"
    """It has too few pixels to show anything, or too many to be opened safely."""
    PICTURES_OF_ONE_NAME = "pictures_of_one_name"
    """Several pictures differ only in their suffix, so that the label could be of either."""
    LABEL_WITHOUT_PICTURE = "label_without_picture"
    """Nobody knows what the label describes."""
    LABEL_UNREADABLE = "label_unreadable"
    """The label file cannot be opened or is no text."""
    LABEL_MALFORMED = "label_malformed"
    """A line has the wrong number of columns, or something else than numbers."""
    LABEL_NOT_FINITE = "label_not_finite"
    """A number is NaN or infinite."""
    UNKNOWN_CLASS = "unknown_class"
    """A class id that the set does not name."""
    BOX_OUTSIDE = "box_outside"
    """A box leaves the picture by more than rounding explains."""
    BOX_EMPTY = "box_empty"
    """A box has no width or height, or a negative one."""
    SPLIT_ABSENT = "split_absent"
    """The set lists a split that is not there or has no picture."""
    SPLIT_REPEATED = "split_repeated"
    """Two splits are the same pictures; only the first counts, so that nothing looks held out."""

    PICTURE_WITHOUT_LABEL = "picture_without_label"
    """No label file: nothing to be seen, by the custom of this layout."""
    PICTURE_UNUSUAL = "picture_unusual"
    """CMYK or 16-bit; it is converted to 8-bit colours when it is used."""
    PICTURE_ROTATED = "picture_rotated"
    """Turned by its EXIF data; the labels are taken to be of the turned picture."""
    FILE_IGNORED = "file_ignored"
    """Among the pictures, but not by its suffix one."""
    POLYGON_CONVERTED = "polygon_converted"
    """An outline became the box around it."""
    BOX_CLIPPED = "box_clipped"
    """A box left the picture slightly and was cut at its edge."""
    BOX_REPEATED = "box_repeated"
    """The same box of the same class once more; it counts once."""
    COUNT_DIFFERS = "count_differs"
    """The set's description gives another number of pictures or boxes."""

    @property
    def leaves_out(self) -> bool:
        """Whether what has it is left out; else it was put right, or harms nobody."""
        return self not in _PUT_RIGHT


_PUT_RIGHT = frozenset(
    {
        DataFaultKind.PICTURE_WITHOUT_LABEL,
        DataFaultKind.PICTURE_UNUSUAL,
        DataFaultKind.PICTURE_ROTATED,
        DataFaultKind.FILE_IGNORED,
        DataFaultKind.POLYGON_CONVERTED,
        DataFaultKind.BOX_CLIPPED,
        DataFaultKind.BOX_REPEATED,
        DataFaultKind.COUNT_DIFFERS,
        DataFaultKind.SPLIT_REPEATED,
    }
)


@dataclass(frozen=True, slots=True)
class DataFault:
    """One thing wrong with a data set.

    Attributes:
        kind: What is wrong.
        path: The file or folder that has it.
        detail: Where in it, and the bad value.
    """

    kind: DataFaultKind
    path: Path
    detail: str

    def __str__(self) -> str:
        return f"{self.path}: {self.detail}" if self.detail else str(self.path)


def faults_by_kind(faults: Iterable[DataFault]) -> dict[DataFaultKind, tuple[DataFault, ...]]:
    """Sort faults by kind: those that leave something out first, as in ``DataFaultKind``."""
    found: dict[DataFaultKind, list[DataFault]] = {}
    for fault in faults:
        found.setdefault(fault.kind, []).append(fault)
    return {kind: tuple(found[kind]) for kind in DataFaultKind if kind in found}
