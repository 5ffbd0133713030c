"""Camera tracks: follows what moves before one camera while its looks come fast enough."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt

from detector.class_groups import FoundObjects, group_mask
from detector.rules.ground_measures import GroundMeasures
from detector.tracking.ground_speed import GroundSpeed
from detector.tracking.line_crossings import LineCrossings
from detector.tracking.picture_motion import PictureMotion
from detector.tracking.sure_tracks import SureTracks
from detector.tracking.track_facts import TrackFacts
from detector.tracking.tracker import TrackedBoxes, Tracker, TrackStep
from streams.ground_projection import WIDE_SCREEN
from streams.line import Line

Boxes = npt.NDArray[np.float32]
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
        self._class_names: tuple[str, ...] = ()
        self._begin_anew(WIDE_SCREEN)

    @property
    def groups(self) -> frozenset[str]:
        """Class groups of what is followed."""
        return self._needs.groups

    def look(
        self, found: FoundObjects, faint: FoundObjects, captured_at: datetime, aspect_ratio: float
    ) -> TrackFacts:
        """Follow the tracks into a look.

        Args:
            found: The boxes that matter to any rule.
            faint: Boxes of what is followed that score too little to matter.
            captured_at: When the look was.
            aspect_ratio: Width over height of the picture.
        """
        same = found.class_names == self._class_names and aspect_ratio == self._aspect_ratio
        seconds = self._seconds_since_last(captured_at) if same else None
        self._latest, self._class_names = captured_at, found.class_names
        if seconds is None:
            self._begin_anew(aspect_ratio)
        wanted = group_mask(found.class_names, self._needs.groups)
        chosen = np.flatnonzero(wanted[found.class_ids])
        facts = self._follow(found, chosen, faint, seconds or 0.0)
        return facts if seconds is not None else self._nothing(len(found))

    def _seconds_since_last(self, captured_at: datetime) -> float | None:
        """Time since the look before; None if it was too long ago, or not before."""
        if self._latest is None:
            return None
        seconds = (captured_at - self._latest).total_seconds()
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

    def _nothing(self, boxes: int) -> TrackFacts:
        return TrackFacts.nothing(boxes, len(self._needs.lines))

    def _follow(
        self, found: FoundObjects, chosen: Rows, faint: FoundObjects, seconds: float
    ) -> TrackFacts:
        self._now += seconds
        boxes = found.boxes[chosen]
        followed = TrackedBoxes(boxes, found.group_ids[chosen])
        faintly = TrackedBoxes(faint.boxes, faint.group_ids)
        step = self._tracker.look(followed, faintly, seconds)
        looks = self._tracker.looks[step.rows]
        in_heights = boxes * np.array([self._aspect_ratio, 1.0] * 2)
        self._motion.follow(step)
        self._motion.look(step.rows, in_heights, self._now)
        moves, known = self._motion.moving(step.rows, in_heights, self._now)
        facts = self._nothing(len(found))
        facts.ids[chosen] = self._tracker.ids[step.rows]
        facts.moves[chosen] = moves
        facts.motion_known[chosen] = known
        facts.motion_open[chosen] = ~known & (looks > 1)
        if self._speed is not None or self._needs.lines:
            sure_looks = self._sure.look(followed, step, seconds)
            self._measure(facts, chosen, boxes, step, sure_looks)
        return replace(facts, followed=True)

    def _measure(
        self,
        facts: TrackFacts,
        chosen: Rows,
        boxes: Boxes,
        step: TrackStep,
        sure_looks: npt.NDArray[np.int64],
    ) -> None:
        """Fill in what only tracks tell that cannot be taken for others."""
        if self._speed is not None:
            self._speed.follow(step)
            self._speed.look(step.rows, boxes, self._aspect_ratio, self._now)
            speeds = self._speed.speeds(step.rows, sure_looks, self._now)
            facts.speeds.kmh[chosen] = speeds.kmh
            facts.speeds.errors_kmh[chosen] = speeds.errors_kmh
        if self._needs.lines:
            self._crossings.follow(step)
            smoothed = self._tracker.boxes[step.rows]
            facts.crossed[:, chosen] = self._crossings.look(step.rows, smoothed, sure_looks)
