"""Place view: what a look shows at the places of remembered things."""

import functools
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from detector.detections import NOTHING_DETECTED, Detections
from detector.objects.appearance import Appearance
from detector.objects.class_groups import group_of
from streams.frame import Picture

# Of a thing of which another class hides more than this, the picture shows the other one.
HIDDEN_SHARE = 0.15

# With more than this of it behind others (each counted), a thing is often not found at all.
BEHIND_OTHERS_SHARE = 0.3

# Class groups of those that pass: a cover that is seen where a hole was has not come before it.
PASSERS_BY = frozenset({"person", "bicycle", "car", "train", "dog"})

# Boxes that score less hide nothing.
_LEAST_SCORE = 0.25


@dataclass(frozen=True, eq=False)
class ObjectVisibility:
    """A look's picture and what stands before things in it; each place is looked at once.

    Attributes:
        pixels: The picture, or None where only what was found in it is known.
        detections: Everything found.
    """

    pixels: Picture | None
    detections: Detections
    _seen: dict[tuple[str, bytes], Appearance | None] = field(default_factory=dict, init=False)

    def appearance(self, place: npt.NDArray[np.float32], group: str) -> Appearance | None:
        """What is seen at a place (4,); None where that is not the thing of this class group."""
        if self.pixels is None:
            return None
        asked = (group, place.tobytes())
        if asked not in self._seen:
            hidden = self._is_hidden(place, group)
            self._seen[asked] = None if hidden else Appearance.at(place, self.pixels)
        return self._seen[asked]

    @functools.cached_property
    def _things(self) -> list[tuple[str, list[float]]]:
        """Class group and box of all that may hide something."""
        found = self.detections
        kept = found.scores >= _LEAST_SCORE
        groups = [group_of(found.class_names[index]) for index in found.class_ids[kept].tolist()]
        return list(zip(groups, found.boxes[kept].tolist(), strict=True))

    def is_behind_others(self, place: npt.NDArray[np.float32], group: str) -> bool:
        """Whether passers-by of other class groups hide so much that a thing may not be found."""
        shares = self._shares(place, group)
        return sum(share for name, share in shares if name in PASSERS_BY) > BEHIND_OTHERS_SHARE

    def _is_hidden(self, place: npt.NDArray[np.float32], group: str) -> bool:
        return any(share > HIDDEN_SHARE for _, share in self._shares(place, group))

    def _shares(self, place: npt.NDArray[np.float32], group: str) -> list[tuple[str, float]]:
        """Class group of each thing of another one, and the share that it takes of a place."""
        left, top, right, bottom = place.tolist()
        area = (right - left) * (bottom - top)
        shares = []
        for name, box in self._things:
            across = min(right, box[2]) - max(left, box[0])
            down = min(bottom, box[3]) - max(top, box[1])
            if name != group and across > 0 and down > 0:
                shares.append((name, across * down / area))
        return shares


NOTHING_VISIBLE = ObjectVisibility(None, NOTHING_DETECTED)
"""Only what was found is known, not what it looks like."""
