"""Label files in YOLO's form: one line per box, in fractions of the picture."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labeling.data_sets.data_fault import DataFault, DataFaultKind

# A hundredth of the picture: annotators drag past the edge, and exporters round. What is farther
# out was drawn in another picture, or its numbers are pixels.
SLIGHTLY_OUTSIDE = 0.01
# Six decimals, as most exporters write them, leave this much.
_ROUNDING = 1e-5

_BOX_COLUMNS = 5
# A class and at least three corners.
_FEWEST_POLYGON_COLUMNS = 7
_SHOWN_CHARACTERS = 80

NO_BOXES: NDArray[np.float32] = np.zeros((0, 4), np.float32)
NO_CLASS_IDS: NDArray[np.int64] = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class LabelFile:
    """What a label file says.

    Attributes:
        boxes: float32 (n, 4): left, top, right, bottom as fractions of the picture.
        class_ids: int64 (n,).
        faults: What is wrong with it. One that leaves out means that a true label may be lost.
    """

    boxes: NDArray[np.float32]
    class_ids: NDArray[np.int64]
    faults: tuple[DataFault, ...]


class _LineError(Exception):
    """A line of which no box can be made."""

    def __init__(self, kind: DataFaultKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: class id, corners, and what was put right."""

    class_id: int
    corners: tuple[float, float, float, float]
    put_right: tuple[tuple[DataFaultKind, str], ...]


def read_label_file(path: Path, class_count: int) -> LabelFile:
    """Read a label file; one without lines describes a picture with nothing in it.

    Lines are ``class x y width height`` (the centre), or ``class x1 y1 x2 y2 x3 y3 …`` for an
    outline, of which the box around it is taken.

    Args:
        path: The file.
        class_count: How many classes the set names; ids count from 0.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        return _unreadable(path, error.strerror or str(error))
    except UnicodeDecodeError as error:
        return _unreadable(path, f"is no text: {error.reason} at byte {error.start}")
    lines: dict[tuple[int, tuple[float, ...]], _Line] = {}
    faults = []
    for number, text_line in enumerate(text.splitlines(), start=1):
        if not text_line.strip():
            continue
        try:
            line = _read_line(text_line, class_count)
        except _LineError as error:
            faults.append(DataFault(error.kind, path, f"line {number}: {error}"))
            continue
        faults += [DataFault(kind, path, f"line {number}: {why}") for kind, why in line.put_right]
        key = (line.class_id, tuple(round(value, 6) for value in line.corners))
        if key in lines:
            detail = f"line {number}: {_shown(text_line)}"
            faults.append(DataFault(DataFaultKind.BOX_REPEATED, path, detail))
        lines.setdefault(key, line)
    boxes = np.array([line.corners for line in lines.values()], np.float32).reshape(-1, 4)
    class_ids = np.array([line.class_id for line in lines.values()], np.int64)
    return LabelFile(boxes, class_ids, tuple(faults))


def _unreadable(path: Path, detail: str) -> LabelFile:
    fault = DataFault(DataFaultKind.LABEL_UNREADABLE, path, detail)
    return LabelFile(NO_BOXES, NO_CLASS_IDS, (fault,))


def _read_line(text: str, class_count: int) -> _Line:
    words = text.split()
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        raise _LineError(
            DataFaultKind.LABEL_MALFORMED, f"is not all numbers: {_shown(text)}"
        ) from None
    if not all(map(math.isfinite, numbers)):
        raise _LineError(DataFaultKind.LABEL_NOT_FINITE, _shown(text))
    if len(numbers) == _BOX_COLUMNS:
        return _finished(text, _class_id(numbers[0], class_count), _box_corners(numbers[1:]))
    if len(numbers) >= _FEWEST_POLYGON_COLUMNS and len(numbers) % 2:
        xs, ys = numbers[1::2], numbers[2::2]
        corners = (min(xs), min(ys), max(xs), max(ys))
        converted = (DataFaultKind.POLYGON_CONVERTED, f"{len(xs)} corners")
        return _finished(text, _class_id(numbers[0], class_count), corners, converted)
    raise _LineError(
        DataFaultKind.LABEL_MALFORMED,
        f"has {len(numbers)} columns; a box has 5, an outline an odd number from 7: {_shown(text)}",
    )


def _class_id(number: float, class_count: int) -> int:
    if number.is_integer() and 0 <= number < class_count:
        return int(number)
    raise _LineError(
        DataFaultKind.UNKNOWN_CLASS, f"class {number:g}; the set names 0 to {class_count - 1}"
    )


def _box_corners(numbers: list[float]) -> tuple[float, float, float, float]:
    x, y, width, height = numbers
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _finished(
    text: str,
    class_id: int,
    corners: tuple[float, float, float, float],
    *put_right: tuple[DataFaultKind, str],
) -> _Line:
    left, top, right, bottom = corners
    if right <= left or bottom <= top:
        raise _LineError(DataFaultKind.BOX_EMPTY, _shown(text))
    outside = max(-left, -top, right - 1, bottom - 1)
    if outside > SLIGHTLY_OUTSIDE:
        raise _LineError(
            DataFaultKind.BOX_OUTSIDE, f"{outside:.3g} of the picture's side: {_shown(text)}"
        )
    clipped = (max(left, 0.0), max(top, 0.0), min(right, 1.0), min(bottom, 1.0))
    # Compared as they will be stored: two corners may fall together in 32 bits.
    stored = np.array(clipped, np.float32)
    if stored[2] <= stored[0] or stored[3] <= stored[1]:
        raise _LineError(DataFaultKind.BOX_EMPTY, _shown(text))
    if outside > _ROUNDING:
        put_right += ((DataFaultKind.BOX_CLIPPED, f"{outside:.3g} of the picture's side"),)
    return _Line(class_id, clipped, put_right)


def _shown(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 1]}…"
