"""Responsibilities: which unit handles which matters, where and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from api.dispatch.duty_hours import DutyHours
from streams.kit.errors import CityPatrolError

ANY_ISSUE = "*"
MAJOR_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Responsibility:
    """One row: what holds of a matter that a unit handles.

    Attributes:
        issue_pattern: ``*``, the two digits of a major class, or the five of an issue type.
        unit_id: Who handles it.
        grid_prefix: What the code of the cell starts with; empty for everywhere.
        component_type: Five digits of the kind of component that it is about, or None for any
            matter.
        hours: When, or None for always.
    """

    issue_pattern: str
    unit_id: str
    grid_prefix: str = ""
    component_type: str | None = None
    hours: DutyHours | None = None


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Two rows, by their positions, that lead the same matter to different units."""

    first: int
    second: int


class AmbiguousResponsibilityError(CityPatrolError):
    """Two rows are equally specific and lead to different units."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """What two rows must share to be equally specific for one matter, but for their hours."""

    issue_pattern: str
    grid_prefix: str
    component_type: str | None


class ResponsibilityTable:
    """All rows; finds the most specific one for a matter.

    What is more specific is asked in this order, and a later question only where the earlier
    ones are tied:

    1. the issue: its five digits before its major class before ``*``,
    2. the place: the longer ``grid_prefix``,
    3. the component: a row for its type before one for any matter,
    4. the time: a row with hours before one for always.

    Args:
        rows: The rows, in any order.
        time_zone: Where their hours are meant.

    Raises:
        AmbiguousResponsibilityError: For some matter two rows are tied in all four.
    """

    def __init__(self, rows: Sequence[Responsibility], time_zone: tzinfo) -> None:
        contradictions = ambiguities(rows)
        if contradictions:
            first, second = rows[contradictions[0].first], rows[contradictions[0].second]
            raise AmbiguousResponsibilityError(
                f"{first} and {second} are equally specific and lead to different units; "
                "make one of them more specific"
            )
        self._time_zone = time_zone
        self._rows: dict[_Scope, list[Responsibility]] = {}
        self._component_types: dict[str, set[str]] = {}
        for row in rows:
            self._rows.setdefault(_scope(row), []).append(row)
            if row.component_type is not None:
                self._component_types.setdefault(row.issue_pattern, set()).add(row.component_type)
        lengths = {len(row.grid_prefix) for row in rows}
        self._prefix_lengths = sorted(lengths, reverse=True)

    def component_types(self, issue_code: str) -> frozenset[str]:
        """The kinds of components that rows for an issue type tell apart."""
        named = (self._component_types.get(pattern, ()) for pattern in _patterns(issue_code))
        return frozenset(one for several in named for one in several)

    def find(
        self, issue_code: str, unit_grid: str, component_type: str | None, moment: datetime
    ) -> Responsibility | None:
        """The most specific row for a matter.

        Args:
            issue_code: Five digits of its type.
            unit_grid: Code of its cell.
            component_type: Kind of the component that it is about, if it is about one.
            moment: When, with its zone.
        """
        clock = moment.astimezone(self._time_zone).time()
        for scope in self._scopes(issue_code, unit_grid, component_type):
            rows = self._rows.get(scope, ())
            for row in rows:
                if row.hours is not None and row.hours.hold(clock):
                    return row
            for row in rows:
                if row.hours is None:
                    return row
        return None

    def _scopes(
        self, issue_code: str, unit_grid: str, component_type: str | None
    ) -> Iterator[_Scope]:
        kinds = (None,) if component_type is None else (component_type, None)
        for pattern in _patterns(issue_code):
            for length in self._prefix_lengths:
                for kind in kinds:
                    yield _Scope(pattern, unit_grid[:length], kind)


def ambiguities(rows: Sequence[Responsibility]) -> list[Ambiguity]:
    """The pairs of rows that are equally specific for some matter and lead to different units."""
    together: dict[_Scope, list[int]] = {}
    found = []
    for position, row in enumerate(rows):
        before = together.setdefault(_scope(row), [])
        found += [Ambiguity(other, position) for other in before if _contradict(rows[other], row)]
        before.append(position)
    return found


def _contradict(first: Responsibility, second: Responsibility) -> bool:
    if first.unit_id == second.unit_id:
        return False
    if first.hours is None or second.hours is None:
        return first.hours is second.hours
    return first.hours.overlap(second.hours)


def _scope(row: Responsibility) -> _Scope:
    return _Scope(row.issue_pattern, row.grid_prefix, row.component_type)


def _patterns(issue_code: str) -> tuple[str, str, str]:
    return (issue_code, issue_code[:MAJOR_DIGITS], ANY_ISSUE)
