"""Camera tracks: follows what moves before one camera while its looks come fast enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from detector.geometry.ground_measures import GroundMeasures
from detector.objects.class_groups import FoundObjects, GroupNumbers, group_mask
from detector.tracking.ground_speed import GroundSpeed
from detector.tracking.line_crossings import LineCrossings
from detector.tracking.picture_motion import PictureMotion
from detector.tracking.sure_tracks import SURE_AFTER_LOOKS, SureTracks
from detector.tracking.track_facts import TrackFacts
from detector.tracking.tracker import TrackedBoxes, Tracker
from streams.ground.ground_projection import WIDE_SCREEN
from streams.line import Line

Rows = npt.NDArray[np.intp]

# Farther apart than this, looks do not tell which box is which moving thing. A camera that
# sends a keyframe a second sends some of them half a second late.
LONGEST_GAP_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class TrackNeeds:
    """What a camera's rules need of tracks.

    Attributes:
        groups: Class groups of what is to be followed.
        lines: Lines that may be crossed.
        ground: What is measured by, or None where no speed is asked for.
    """

    groups: frozenset[str]
    lines: Sequence[Line]
    ground: GroundMeasures | None


@dataclass(frozen=True, slots=True, eq=False)
class LookBoxes:
    """What one look shows of what may be followed.

    Attributes:
        found: The boxes that matter to any rule.
        faint: Boxes of what is followed that score too little to matter.
        may_cross: Shape (n,): boxes of ``found`` that count where a line is crossed.
        captured_at: When the look was.
        aspect_ratio: Width over height of the picture.
    """

    found: FoundObjects
    faint: FoundObjects
    may_cross: npt.NDArray[np.bool_]
    captured_at: datetime
    aspect_ratio: float


class CameraTracks:
    """The moving things before one camera. Belongs to one thread.

    Whether looks come fast enough is seen by when they come, not by what is configured. After
    a gap, a restart or a clock that was set back everything is followed anew, and nothing is
    said to have crossed a line in between.

    Args:
        needs: What is asked of the tracks.
    """

    def __init__(self, needs: TrackNeeds) -> None:
        self._needs = needs
        self._latest: datetime | None = None
        self._numbers = GroupNumbers()
        self._begin_anew(WIDE_SCREEN)

    @property
    def groups(self) -> frozenset[str]:
        """Class groups of what is followed."""
        return self._needs.groups

    def follow(self, look: LookBoxes) -> TrackFacts:
        """Follow the tracks into a look; what is known of each box that was found."""
        seconds = self._seconds_since_last(look)
        self._latest = look.captured_at
        if seconds is None:
            self._begin_anew(look.aspect_ratio)
        wanted = group_mask(look.found.class_names, self._needs.groups)
        chosen = np.flatnonzero(wanted[look.found.class_ids])
        facts = TrackFacts.nothing_yet(len(look.found), len(self._needs.lines))
        if len(chosen) or len(self._tracker):
            self._follow(look, chosen, seconds or 0.0, facts)
        if seconds is None:
            return TrackFacts.nothing(len(look.found), len(self._needs.lines))
        return facts

    def _seconds_since_last(self, look: LookBoxes) -> float | None:
        """Time since the look before; None if it was long ago, not before, or of another shape."""
        if self._latest is None or look.aspect_ratio != self._aspect_ratio:
            return None
        seconds = (look.captured_at - self._latest).total_seconds()
        return seconds if 0 < seconds <= LONGEST_GAP_SECONDS else None

    def _begin_anew(self, aspect_ratio: float) -> None:
        self._now = 0.0
        self._aspect_ratio = aspect_ratio
        self._tracker = Tracker()
        self._sure = SureTracks()
        self._motion = PictureMotion()
        ground = self._needs.ground
        self._speed = None if ground is None else GroundSpeed(ground)
        self._crossings = LineCrossings(self._needs.lines, aspect_ratio)

    def _follow(self, look: LookBoxes, chosen: Rows, seconds: float, facts: TrackFacts) -> None:
        """Follow the tracks into a look and write into the facts what they tell of its boxes."""
        self._now += seconds
        found, faint = look.found, look.faint
        numbers = self._numbers.of_classes(found.class_names)
        followed = TrackedBoxes(found.boxes[chosen], numbers[found.class_ids[chosen]])
        faintly = TrackedBoxes(faint.boxes, numbers[faint.class_ids])
        step = self._tracker.advance(followed, faintly, seconds)
        facts.ids[chosen] = self._tracker.ids[step.rows]
        in_heights = followed.boxes * np.array([self._aspect_ratio, 1.0] * 2)
        self._motion.follow(step)
        self._motion.note(step.rows, in_heights, self._now)
        moves, known = self._motion.moving(step.rows, in_heights, self._now)
        facts.moves[chosen], facts.motion_known[chosen] = moves, known
        facts.motion_open[chosen] = ~known & (self._tracker.looks[step.rows] > 1)
        if self._speed is None and not self._needs.lines:
            return
        sure_looks = self._sure.count(followed, step, seconds)
        if self._speed is not None:
            self._speed.follow(step)
            self._speed.note(step.rows, followed.boxes, self._aspect_ratio, self._now)
            speeds = self._speed.speeds(step.rows, sure_looks, self._now)
            facts.speeds.kmh[chosen] = speeds.kmh
            facts.speeds.errors_kmh[chosen] = speeds.errors_kmh
        if self._needs.lines:
            self._crossings.follow(step)
            self._crossings.note(step.rows, self._tracker.boxes[step.rows], sure_looks)
            may_tell = look.may_cross[chosen] & (sure_looks >= SURE_AFTER_LOOKS)
            facts.crossed[:, chosen] = self._crossings.told(step.rows, may_tell)
