"""View change: which parts of a picture no longer show what the camera's reference view shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from streams.camera_health.detail_field import DETAIL_CELLS, DetailField
from streams.camera_health.light_look import LightLook
from streams.camera_health.picture_measures import Floats, Grey

Cells = npt.NDArray[np.uint8]
"""``DETAIL_CELLS`` of ``CellVerdict``."""
Mask = npt.NDArray[np.bool_]

_SAME = 0.6
"""Likeness from which a part shows the same. Of five street clips under other light, fog, sway,
noise and JPEG 95 % of all parts stay above 0.7, in the dim light of night half of them."""
_OTHER = 0.4
"""Likeness below which it shows something else: 92 % of parts of different places do."""
_PLAIN = 6.0
"""Mean square of detail, in squared levels, below which a part shows nothing: bare asphalt."""
_PLAIN_TIMES = 4.0
"""So many times as much must be there, or have been there, for a part to have changed by it."""
_AGREEING = 0.2
"""Share of the parts that show something which must be the same, or the light hides too much."""
_LOOKS_COMPARED = 2
"""In how many lights a view is compared, the nearest first: each costs some milliseconds."""


class CellVerdict(IntEnum):
    """What became of a part of the picture."""

    UNKNOWN = 0
    """It cannot be told: too dark, or the reference was not clear there."""
    PLAIN = 1
    """Neither picture shows anything there."""
    SAME = 2
    CHANGED = 3


@dataclass(frozen=True, slots=True, eq=False)
class ViewChange:
    """What became of each part of the picture since its reference was taken.

    Attributes:
        cells: ``DETAIL_CELLS`` of ``CellVerdict``, as rows and columns of equal parts.
    """

    cells: Cells

    def of_box(self, box: npt.NDArray[np.float32]) -> Cells:
        """Verdicts of the parts whose middle lies in a box (4,), or of the one in its middle."""
        rows, columns = self.cells.shape
        limits = np.clip(box, 0.0, 1.0) * np.array([columns, rows] * 2)
        left, top = np.ceil(limits[:2] - 0.5).astype(int)
        right, bottom = np.ceil(limits[2:] - 0.5).astype(int)
        if left >= right:
            left = min(int((limits[0] + limits[2]) / 2), columns - 1)
            right = left + 1
        if top >= bottom:
            top = min(int((limits[1] + limits[3]) / 2), rows - 1)
            bottom = top + 1
        return self.cells[top:bottom, left:right]


def view_change(looks: Sequence[LightLook], grey: Grey) -> ViewChange:
    """Compare a picture that shows a view with the view's looks, those in like light first.

    Only what has structure is compared: shading, brightness and contrast are of the light. A
    smooth thing on a smooth ground shows by its outline alone.

    Args:
        looks: The view in the lights in which it is known.
        grey: The picture's luminance as in ``PictureMeasures.grey``.
    """
    now = DetailField.of(grey)
    median = float(np.median(grey))
    cells = np.full(DETAIL_CELLS, CellVerdict.UNKNOWN, np.uint8)
    for look in sorted(looks, key=lambda look: abs(look.median - median))[:_LOOKS_COMPARED]:
        verdicts = _compared(look, now)
        open_cells = cells == CellVerdict.UNKNOWN
        cells[open_cells] = verdicts[open_cells]
        if (cells != CellVerdict.UNKNOWN).all():
            break
    return ViewChange(cells)


def doubtful_cells(looks: Sequence[LightLook], grey: Grey) -> Mask:
    """Parts of a picture that may not be taken for what the view shows: ``DETAIL_CELLS``.

    Where no look is clear, the picture is the first that can be believed.
    """
    cells = view_change(looks, grey).cells
    clear = np.zeros(DETAIL_CELLS, np.bool_)
    for look in looks:
        clear |= True if look.doubtful is None else ~look.doubtful
    doubtful: Mask = (cells == CellVerdict.CHANGED) | ((cells == CellVerdict.UNKNOWN) & clear)
    return doubtful


def _compared(look: LightLook, now: DetailField) -> Cells:
    then = look.detail
    verdicts = np.full(DETAIL_CELLS, CellVerdict.UNKNOWN, np.uint8)
    if then.detail.shape != now.detail.shape:
        return verdicts
    before = np.maximum(then.energy - then.noise, 0.0)
    after = np.maximum(now.energy - now.noise, 0.0)
    likeness = then.likeness(now)
    shown_before, shown_after = before >= _PLAIN, after >= _PLAIN
    same = shown_before & shown_after & (likeness >= _SAME)
    if not same.any() or same.sum() < _AGREEING * shown_before.sum():
        return verdicts
    contrast = float(np.median(after[same] / before[same]))
    verdicts[_plain(before, after, contrast)] = CellVerdict.PLAIN
    verdicts[same] = CellVerdict.SAME
    other = shown_before & shown_after & (likeness < _OTHER)
    appeared = ~shown_before & (after >= _PLAIN_TIMES * _PLAIN * max(contrast, 1.0))
    vanished = ~shown_after & (before * min(contrast, 1.0) >= _PLAIN_TIMES * _PLAIN)
    verdicts[other | appeared | vanished] = CellVerdict.CHANGED
    if look.doubtful is not None:
        verdicts[look.doubtful] = CellVerdict.UNKNOWN
    return verdicts


def _plain(before: Floats, after: Floats, contrast: float) -> Mask:
    """Parts that show nothing now and, as far as the present light lets see, showed nothing."""
    return (after < _PLAIN) & (before * min(contrast, 1.0) < _PLAIN)
