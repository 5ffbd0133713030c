"""The look view: one look, as rules see it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt

from detector.detections import Detections
from detector.geometry.picture_geometry import BoxSizes
from detector.geometry.zone_places import ZonePlaces
from detector.objects.class_groups import FoundObjects
from detector.objects.object_memory import RememberedObject
from detector.rules.look_change import LookChange
from detector.rules.look_picture import LookPicture
from detector.tracking.track_facts import TrackFacts
from models.rules.rule import DEFAULT_MINIMUM_SCORE
from streams.look_moment import LookMoment


@dataclass(frozen=True, slots=True, eq=False)
class LookView:
    """One look, as rules see it.

    Attributes:
        moment: When it was.
        local_time: The same in the district's time zone.
        public_holidays: The district's public holidays.
        found: The boxes that matter to any rule.
        picture: The picture they were found in.
        change: What of the picture is not as in the camera's reference view.
        sizes: How large they are.
        detections: Everything that was seen.
        objects: The remembered object of each box, None where its class is not remembered.
        box_places: Which boxes lie in which zones.
        object_places: The same by where the remembered objects stand.
        standing: Shape (n,): which boxes show an object that has been standing.
        moving: Shape (n,): which show one that moves.
        tracks: What is known of each box through its track.
    """

    moment: LookMoment
    local_time: datetime
    public_holidays: Collection[date]
    found: FoundObjects
    picture: LookPicture
    change: LookChange
    sizes: BoxSizes
    detections: Detections
    objects: Sequence[RememberedObject | None]
    box_places: ZonePlaces
    object_places: ZonePlaces
    standing: npt.NDArray[np.bool_]
    moving: npt.NDArray[np.bool_]
    tracks: TrackFacts

    @property
    def in_the_way(self) -> npt.NDArray[np.float32]:
        """Shape (m, 4): all that was surely seen, of whatever class; it hides what is behind it."""
        found = self.detections
        return found.boxes[found.scores >= DEFAULT_MINIMUM_SCORE]
