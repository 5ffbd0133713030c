"""The silencing table: which boxes lie where which rules are silenced, for all rules at once."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from detector.geometry.zone_membership import Membership
from detector.rules.look_view import LookView
from detector.rules.selection.point_table import PointTable, PointZone
from detector.rules.watched_rule import WatchedRule
from models.rules.placement import PlacedBy
from models.rules.schedule import Schedule


class SilencingTable:
    """The silencing zones of a camera's rules. Belongs to one thread.

    Args:
        rules: The rules.
        points: Where their zones are looked up.
    """

    def __init__(self, rules: Sequence[WatchedRule], points: PointTable) -> None:
        sources: list[int] = []
        self._begins: list[int] = []
        # Of those that silence at some hours only: when, and which of the sources they are.
        self._at_times: list[tuple[Schedule, slice]] = []
        for watched in rules:
            self._begins.append(len(sources))
            sources.append(PointTable.NOWHERE)
            for silencing in watched.silencing:
                begin = len(sources)
                sources += [
                    points.source(PointZone(row, PlacedBy.FOOT, stands=watched.goes_by_objects))
                    for row in silencing.rows
                ]
                if not silencing.when.always:
                    self._at_times.append((silencing.when, slice(begin, len(sources))))
        self._sources = np.array(sources, np.intp)

    def look(self, view: LookView, where: Membership) -> npt.NDArray[np.bool_]:
        """Which boxes lie in a zone that silences which rule now: shape (rules, n).

        Args:
            view: The look.
            where: What the point table says of it.
        """
        sources = self._sources
        if self._at_times:
            sources = sources.copy()
            for when, of_them in self._at_times:
                if not when.contains(view.local_time, view.public_holidays):
                    sources[of_them] = PointTable.NOWHERE
        silenced: npt.NDArray[np.bool_] = np.logical_or.reduceat(
            where.take(sources, axis=0), self._begins, axis=0
        )
        return silenced
