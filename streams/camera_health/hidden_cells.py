"""How much of what a reference view shows has been hidden by something smooth."""

from dataclasses import dataclass

import numpy as np

from streams.camera_health.light_look import LightLook
from streams.camera_health.look_faults import FLAT_STRUCTURE
from streams.camera_health.picture_measures import Grey, PictureMeasures, cell_means, high_pass

_SHOWN = 1.5
"""Detail, in levels, from which a cell of the reference shows something that can be missed."""
_LEAST_SHOWN = 0.3
"""Share of cells that must show something in the reference for the comparison to mean much."""
_LOST = 0.2
"""A cell is lost when it keeps less than this of its detail; shade takes away about half."""
_VEILED = 0.25
"""Correlation with the reference from which a cell is still there: fog takes contrast away and
leaves what there is in place."""
_LIGHT_RATIO = (0.5, 2.0)
"""Where what is left has another brightness, light has changed, and darkness hides things too."""
_LEAST_LEFT = 0.1


@dataclass(frozen=True, slots=True)
class HiddenShare:
    """What is hidden of a reference view.

    Attributes:
        share: Of the cells that show something in the reference, those that became smooth.
    """

    share: float


def hidden_share(measures: PictureMeasures, reference: LightLook) -> HiddenShare | None:
    """Compare a picture with the reference of the view it shows.

    Returns:
        None where the comparison means nothing: another picture size, a reference with little in
        it, or other light.
    """
    grey = measures.grey
    if grey.shape != reference.grey.shape:
        return None
    shown = reference.structure >= _SHOWN
    if shown.mean() < _LEAST_SHOWN:
        return None
    smooth = shown & (measures.structure < np.maximum(FLAT_STRUCTURE, _LOST * reference.structure))
    if not smooth.any():
        return HiddenShare(0.0)
    left = shown & ~smooth
    if left.sum() < _LEAST_LEFT * shown.sum() or not _light_is_alike(grey, reference, left):
        return None
    lost = smooth & (_correlation(grey, reference.grey) < _VEILED)
    return HiddenShare(float(lost.sum() / shown.sum()))


def _light_is_alike(grey: Grey, reference: LightLook, cells: np.ndarray) -> bool:
    now = cell_means(grey.astype(np.float32))[cells].mean()
    then = cell_means(reference.grey.astype(np.float32))[cells].mean()
    return bool(_LIGHT_RATIO[0] <= now / max(then, 1.0) <= _LIGHT_RATIO[1])


def _correlation(grey: Grey, reference: Grey) -> np.ndarray:
    """Correlation of the high passes per cell, -1 to 1."""
    now, then = high_pass(grey), high_pass(reference)
    energy = cell_means(now * now) * cell_means(then * then)
    return np.asarray(cell_means(now * then) / np.sqrt(np.maximum(energy, 1e-6)))
