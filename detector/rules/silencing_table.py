"""The silencing table: which boxes lie where which rules are silenced, for all rules at once."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from detector.rules.look_view import LookView
from detector.rules.watched_rule import WatchedRule
from detector.rules.zone_membership import Membership
from models.rules.schedule import Schedule


class SilencingTable:
    """The silencing zones of a camera's rules. Belongs to one thread.

    Args:
        rules: The rules.
        first_lines: For each rule the line of ``where`` at which the zones begin that it goes
            by, see ``look``.
        nowhere: A line in which no box is.
    """

    def __init__(
        self, rules: Sequence[WatchedRule], first_lines: Sequence[int], nowhere: int
    ) -> None:
        self._nowhere = nowhere
        sources: list[int] = []
        self._begins: list[int] = []
        # Of those that silence at some hours only: when, and which of the sources they are.
        self._at_times: list[tuple[Schedule, slice]] = []
        for watched, first in zip(rules, first_lines, strict=True):
            self._begins.append(len(sources))
            sources.append(nowhere)
            for silencing in watched.silencing:
                begin = len(sources)
                sources += [first + row for row in silencing.rows]
                if not silencing.when.always:
                    self._at_times.append((silencing.when, slice(begin, len(sources))))
        self._sources = np.array(sources, np.intp)

    def look(self, view: LookView, where: Membership) -> npt.NDArray[np.bool_]:
        """Which boxes lie in a zone that silences which rule now: shape (rules, n).

        Args:
            view: The look.
            where: Shape (lines, n): which boxes lie in which zones, by their foot points.
        """
        sources = self._sources
        if self._at_times:
            sources = sources.copy()
            for when, of_them in self._at_times:
                if not when.contains(view.local_time, view.public_holidays):
                    sources[of_them] = self._nowhere
        silenced: npt.NDArray[np.bool_] = np.logical_or.reduceat(
            where.take(sources, axis=0), self._begins, axis=0
        )
        return silenced
