"""The trial of a cut-out: whether it is found again where scenes show such things."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.scenes.actor import OnGround, OnPicture, Place, standing
from benchmarks.scenes.background import Background
from benchmarks.scenes.cut_out import CutOut
from benchmarks.scenes.pictures.painting import paint_actor
from benchmarks.scenes.pictures.staging import StagedActor
from benchmarks.scenes.span import ALWAYS
from benchmarks.scenes.stories.backgrounds import CAMPUS, JUNCTION, RIVER, ROAD
from detector.detections import Detections
from detector.geometry.boxes import overlaps
from streams.frame import Picture

Finder = Callable[[Picture], Detections]
"""Finds the things in a picture, such as an installed model."""

Street = Callable[[Background], Picture]
"""Gives the picture of a background."""

TRIAL_SCORE = 0.45
_TRIAL_IOU = 0.5


@dataclass(frozen=True, slots=True)
class _Trial:
    background: Background
    place: Place


_USUAL_TRIALS = (
    _Trial(CAMPUS, OnGround(0.4, 0.46)),
    _Trial(JUNCTION, OnGround(0.74, 0.66)),
)
_TRIALS = {
    "pothole": (_Trial(ROAD, OnGround(0.42, 0.68)),),
    "boat": (_Trial(RIVER, OnGround(0.3, 0.85)),),
    "shop_signboard": (_Trial(CAMPUS, OnPicture(0.62, 0.075, 0.055)),),
    "flame": (_Trial(CAMPUS, OnGround(0.3, 0.6, 2.0)),),
    "smoke": (_Trial(JUNCTION, OnGround(0.6, 0.6, 1.1)),),
    "garbage_pile": (_Trial(CAMPUS, OnGround(0.34, 0.47)),),
    "garbage_bin": (_Trial(JUNCTION, OnGround(0.13, 0.86)),),
    "overflowing_bin": (_Trial(JUNCTION, OnGround(0.13, 0.86)),),
    "dog": (_Trial(ROAD, OnGround(0.5, 0.6)),),
}


def passes_trial(one: CutOut, finder: Finder, street: Street) -> bool:
    """Whether the finder finds a cut-out in each of the streets in which scenes would show it."""
    for trial in _TRIALS.get(one.what, _USUAL_TRIALS):
        background, place = trial.background, trial.place
        share = background.ground.height_of(one.what, place, one.aspect)
        shown = one.scaled(round(share * background.height))
        rows, columns = shown.pixels.shape[:2]
        left = round(place.x * background.width - columns / 2)
        top = round(place.y * background.height) - rows
        picture = street(background).copy()
        actor = standing("trial", one.what, place, ALWAYS)
        paint_actor(picture, StagedActor(actor, shown, left, top))
        size = np.array([background.width, background.height] * 2, np.float32)
        box = np.array([left, top, left + columns, top + rows], np.float32) / size
        if score_of(finder(picture), one.what, box) < TRIAL_SCORE:
            return False
    return True


def score_of(found: Detections, what: str, box: npt.NDArray[np.float32]) -> float:
    """The best score with which a thing was found where it is; 0 if it was not found.

    Args:
        found: What was found in its picture.
        what: Its visual class.
        box: Where it is, shape (4,), picture fractions.
    """
    if not len(found):
        return 0.0
    same = overlaps(found.boxes, box[None]).iou[:, 0] >= _TRIAL_IOU
    rows = [row for row in np.flatnonzero(same) if found.class_name(int(row)) == what]
    return max((float(found.scores[row]) for row in rows), default=0.0)
