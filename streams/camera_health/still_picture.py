"""Notices that a camera's pictures no longer change."""

from datetime import datetime

import cv2
import numpy as np

from streams.camera_health.finding import Finding, Verdict
from streams.camera_health.health_settings import HealthSettings
from streams.camera_health.picture_measures import Grey
from streams.look_moment import LookMoment

_CELLS = (32, 18)
"""Columns and rows in which change is looked for."""
_CHANGED_LEVELS = 0.12
"""Mean difference from which a cell changed: one pixel in eight differs by one level, less than
a live sensor's noise leaves behind after a coder."""


def changed_share(grey: Grey, before: Grey) -> float:
    """Share of the picture in which two pictures of luminance differ at all, 0 to 1.

    Pictures of different sizes differ everywhere.
    """
    if grey.shape != before.shape:
        return 1.0
    difference = cv2.absdiff(grey, before).astype(np.float32)
    cells = cv2.resize(difference, _CELLS, interpolation=cv2.INTER_AREA)
    return float((cells > _CHANGED_LEVELS).mean())


class StillPicture:
    """Compares each picture with the first of a row of equal ones.

    A picture is compared with that first one and not with the last, so that creeping change is
    change: clouds and shadows move in a quiet scene.

    Args:
        settings: What share may change, and from when a pause is suspicious.
    """

    def __init__(self, settings: HealthSettings) -> None:
        self._settings = settings
        self._anchor: Grey | None = None
        self._since: datetime | None = None
        self._seconds = 0.0

    def look(self, grey: Grey, look: LookMoment) -> Finding:
        """Judge a picture whose luminance is ``grey``; it must not be changed afterwards."""
        anchor, limit = self._anchor, self._settings.frozen_changed_share
        if anchor is None or changed_share(grey, anchor) > limit:
            self._anchor, self._since, self._seconds = grey, look.captured_at, 0.0
            return Finding(Verdict.SOUND)
        self._seconds += look.elapsed_seconds
        if self._seconds < self._settings.frozen_suspect_seconds:
            return Finding(Verdict.SOUND)
        measured = f"at most {limit:.0%} of the picture changed in {self._seconds:.0f} s"
        return Finding(Verdict.FAULTY, measured, self._since, self._seconds)
