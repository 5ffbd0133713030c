"""The point table: which boxes lie in the zones that rules ask about, by foot or centre."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detector.geometry.zone_membership import Membership
from detector.geometry.zone_places import box_points
from detector.rules.look_view import LookView
from models.rules.placement import PlacedBy


@dataclass(frozen=True, slots=True)
class PointZone:
    """A zone, and what says whether a box is in it.

    Attributes:
        row: The zone.
        by: Which point of a box decides.
        stands: Whether it is the box of where its object stands, and not of where it shook to.
    """

    row: int
    by: PlacedBy
    stands: bool


class PointTable:
    """A line for each zone that any rule asks about; many rules share one. Belongs to one thread.

    Its first two lines, ``EVERYWHERE`` and ``NOWHERE``, hold every box and none.
    """

    EVERYWHERE: ClassVar = 0
    NOWHERE: ClassVar = 1
    _FIRST: ClassVar = 2

    def __init__(self) -> None:
        self._sources: dict[PointZone, int] = {}
        self._rows = np.zeros(0, np.intp)
        self._layers: dict[tuple[PlacedBy, bool], int] = {}
        self._layer_of = np.zeros(0, np.intp)

    def source(self, zone: PointZone) -> int:
        """The line of a zone, which is added where there is none yet."""
        if zone not in self._sources:
            self._sources[zone] = self._FIRST + len(self._sources)
            layer = self._layers.setdefault((zone.by, zone.stands), len(self._layers))
            self._rows = np.append(self._rows, zone.row)
            self._layer_of = np.append(self._layer_of, layer)
        return self._sources[zone]

    def look(self, view: LookView) -> Membership:
        """Which boxes of a look are in which line: shape (lines, n)."""
        where = np.empty((self._FIRST + len(self._sources), len(view.found)), np.bool_)
        where[self.EVERYWHERE], where[self.NOWHERE] = True, False
        if self._layers:
            points = np.array(
                [
                    box_points((view.object_places if stands else view.box_places).boxes, by)
                    for by, stands in self._layers
                ]
            ).take(self._layer_of, axis=0)
            where[self._FIRST :] = view.box_places.zones.inside_each(
                self._rows, points[..., 0], points[..., 1]
            )
        return where
