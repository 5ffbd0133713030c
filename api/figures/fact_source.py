"""Rows that figures are counted from, and the statement that counts them by line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    FunctionFilter,
    Interval,
    Select,
    Subquery,
    Text,
    and_,
    cast,
    extract,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.functions import FunctionElement

from api.cases.reach import EVERYWHERE
from api.database.case_tables import cases
from api.figures.figure_question import FigureFilter, FigureQuestion, Grouping

Condition = ColumnElement[bool]
KEY = "line_key"
"""What the column is called that says what a row of counts is about."""
THING = "thing"
"""What the column is called of that which is counted once."""


@dataclass(frozen=True, slots=True)
class Dimensions:
    """By what the rows of a source can be grouped and filtered.

    Attributes:
        moment: When a row counts.
        issue_code: Its issue type.
        source: The channel.
        area_path: Where it lies; None if that is not known.
        department_path: Who handles it; likewise.
    """

    moment: ColumnElement[Any]
    issue_code: ColumnElement[Any] = cases.c.issue_code
    source: ColumnElement[Any] = cases.c.source
    area_path: ColumnElement[Any] = cases.c.area_path
    department_path: ColumnElement[Any] = cases.c.department_path


@dataclass(frozen=True, slots=True)
class FactSource:
    """Rows that figures are counted from.

    Attributes:
        rows: The tables.
        conditions: Which rows count.
        dimensions: By what they can be grouped.
        counters: What is counted of them, by the keys of the definitions.
    """

    rows: FromClause
    conditions: tuple[Condition, ...]
    dimensions: Dimensions
    counters: Mapping[str, ColumnElement[Any]]

    def line(self, lines: "Lines", key: str | date | None) -> str:
        """The line that rows of a key belong to."""
        return lines.line(key)

    def counting(self, question: FigureQuestion, lines: "Lines") -> Select[Any]:
        """Return the statement that counts its rows by their keys."""
        return self._counted(question, lines).group_by(KEY)

    def _counted(self, question: FigureQuestion, lines: "Lines") -> Select[Any]:
        conditions = (*self.conditions, *_filters(self.dimensions, question.wanted))
        key = lines.key(self.dimensions).label(KEY)
        counters = (value.label(name) for name, value in self.counters.items())
        return select(key, *counters).select_from(self.rows).where(*conditions)


@dataclass(frozen=True, slots=True)
class DistinctSource(FactSource):
    """Rows of which things are counted, each once in a line: sums over keys would be too much.

    They are counted by things first, so that the line is found for each thing of a key rather
    than for every row, and nothing has to be sorted.

    Attributes:
        thing: What is counted once.
        totals: What is counted in a line, of the keys' things and their counters.
    """

    thing: ColumnElement[Any]
    totals: Callable[[Subquery], Mapping[str, ColumnElement[Any]]]

    def counting(self, question: FigureQuestion, lines: "Lines") -> Select[Any]:
        """Return the statement that counts its rows by their lines."""
        counted = self._counted(question, lines).add_columns(self.thing.label(THING))
        things = counted.group_by(KEY, THING).subquery("things")
        line = lines.line_of(things.c[KEY]).label(KEY)
        totals = (value.label(name) for name, value in self.totals(things).items())
        return select(line, *totals).group_by(line)

    def line(self, lines: "Lines", key: str | date | None) -> str:  # noqa: ARG002
        """The line that rows of a key belong to."""
        return str(key)


@dataclass(frozen=True, slots=True)
class Lines:
    """How rows are put into lines.

    Attributes:
        group: What each line is about.
        base_path: Path of the unit right below which units are lines.
        zone: Whose days are lines.
        major_classes: The line of each issue code, where lines are major classes.
    """

    group: Grouping
    base_path: str
    zone: ZoneInfo
    major_classes: Mapping[str, str]

    def key(self, dimensions: Dimensions) -> ColumnElement[Any]:
        """By what rows are counted: as it stands in the row, and finer than lines are.

        There are few of them, so that ``line`` is found for each rather than for every row.
        """
        keys: Mapping[Grouping, Callable[[], ColumnElement[Any]]] = {
            Grouping.NONE: lambda: literal(""),
            Grouping.AREA: lambda: dimensions.area_path,
            Grouping.DEPARTMENT: lambda: dimensions.department_path,
            Grouping.ISSUE_TYPE: lambda: dimensions.issue_code,
            Grouping.MAJOR_CLASS: lambda: dimensions.issue_code,
            Grouping.SOURCE: lambda: dimensions.source,
            Grouping.DAY: lambda: cast(func.timezone(self.zone.key, dimensions.moment), Date),
        }
        return keys[self.group]()

    def line(self, key: str | date | None) -> str:
        """The line that a key belongs to; empty where nobody knows."""
        if key is None:
            return ""
        if isinstance(key, date):
            return key.isoformat()
        match self.group:
            case Grouping.AREA | Grouping.DEPARTMENT:
                return self._unit(key)
            case Grouping.MAJOR_CLASS:
                return self.major_classes.get(key, "")
            case _:
                return key

    def line_of(self, key: ColumnElement[Any]) -> ColumnElement[str]:
        """The line that a key belongs to, found by the database."""
        match self.group:
            case Grouping.AREA | Grouping.DEPARTMENT:
                unit = func.substring(key, f"^/(?:[^/]+/){{0,{self._depth}}}")
                return func.coalesce(unit, "")
            case Grouping.MAJOR_CLASS:
                classes = cast(dict(self.major_classes), JSONB)
                return func.coalesce(classes[key].astext, "")
            case _:
                return func.coalesce(cast(key, Text), "")

    @property
    def _depth(self) -> int:
        """How many names the path of a unit has that is a line."""
        return 1 if self.base_path == EVERYWHERE else self.base_path.strip("/").count("/") + 2

    def _unit(self, path: str) -> str:
        names = path.strip("/").split("/")[: self._depth]
        return "/".join(("", *names, "")) if path.strip("/") else EVERYWHERE


def within(moment: ColumnElement[Any], question: FigureQuestion) -> Condition:
    """Whether a moment lies in the period."""
    return (moment >= question.start) & (moment < question.until)


def was_open_within(question: FigureQuestion) -> Condition:
    """Whether a case was open at some moment of the period."""
    return and_(
        cases.c.reported_at < question.until,
        or_(cases.c.ended_at.is_(None), cases.c.ended_at >= question.start),
    )


def where(counter: ColumnElement[Any], *conditions: Condition) -> ColumnElement[Any]:
    """A counter of only those rows that meet conditions.

    Raises:
        TypeError: It is made of several counts.
    """
    if not isinstance(counter, FunctionElement | FunctionFilter):
        raise TypeError(f"{counter} cannot be narrowed: it is no single count")
    return counter.filter(*conditions)


def number_of(condition: Condition) -> ColumnElement[Any]:
    """How many rows meet a condition."""
    return func.count().filter(condition)


def all_rows() -> ColumnElement[Any]:
    """How many rows there are."""
    return func.count()


def time_between(
    start: ColumnElement[Any], end: ColumnElement[Any], condition: Condition | None = None
) -> ColumnElement[Any]:
    """All time from one moment to another, of rows that meet a condition."""
    total = func.sum(end - start, type_=Interval)
    return total if condition is None else total.filter(condition)


def minutes(time: ColumnElement[Any]) -> ColumnElement[Any]:
    """A time in minutes. Of a sum: to divide each of a million times takes half a second."""
    return extract("epoch", time) / 60


def _filters(dimensions: Dimensions, wanted: FigureFilter) -> list[Condition]:
    found: list[Condition] = []
    if wanted.area_path is not None:
        found.append(_below(dimensions.area_path, wanted.area_path))
    if wanted.department_path is not None:
        found.append(_below(dimensions.department_path, wanted.department_path))
    if wanted.issue_code is not None:
        found.append(dimensions.issue_code == wanted.issue_code)
    if wanted.source is not None:
        found.append(dimensions.source == wanted.source.value)
    if wanted.visible_path != EVERYWHERE:
        found.append(
            or_(
                _below(dimensions.area_path, wanted.visible_path),
                _below(dimensions.department_path, wanted.visible_path),
            )
        )
    return found


def _below(path: ColumnElement[Any], unit_path: str) -> Condition:
    return path.startswith(unit_path, autoescape=True)
