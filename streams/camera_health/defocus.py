"""Whether a picture without any detail is out of focus, or hidden by something."""

import cv2
import numpy as np

from streams.camera_health.light_look import LightLook
from streams.camera_health.picture_measures import Floats, Grey, PictureMeasures

# Columns and rows in which light and dark are compared: coarser than what the worst focus leaves.
_COARSE = (32, 18)
# Captions at the top and the bottom are sharp whatever happens to the lens.
_CAPTION_ROWS = 2

SAME_LIGHT = 0.9
"""Correlation of light and dark from which they are where they were. Of 147 street pictures, those
blurred by 6 to 20 pixels at 640 across had 0.95 and more, those behind hands, bags and cloth 0.86
and less."""


def light_likeness(measures: PictureMeasures, reference: LightLook) -> float | None:
    """Correlation, -1 to 1, of a picture's light and dark parts with those of a reference.

    Out of focus they stay where they are; a cover has its own.

    Returns:
        None where the pictures are of different sizes.
    """
    if measures.grey.shape != reference.grey.shape:
        return None
    now, then = _coarse(measures.grey), _coarse(reference.grey)
    energy = float((now * now).sum() * (then * then).sum())
    return float((now * then).sum() / max(np.sqrt(energy), 1e-6))


def _coarse(grey: Grey) -> Floats:
    small = cv2.resize(grey, _COARSE, interpolation=cv2.INTER_AREA).astype(np.float32)
    parts = cv2.blur(small, (3, 3))[_CAPTION_ROWS:-_CAPTION_ROWS]
    return np.asarray(parts - parts.mean(), np.float32)
