"""Rows that figures are counted from, and the statement that counts them by line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from api.cases.reach import EVERYWHERE
from api.database.case_tables import cases
from api.figures.figure_question import FigureFilter, FigureQuestion, Grouping

Condition = ColumnElement[bool]
LINE = "line"
"""What the column is called that says which line a row of counts belongs to."""


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

    moment: ColumnElement[datetime]
    issue_code: ColumnElement[str] = cases.c.issue_code
    source: ColumnElement[str] = cases.c.source
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

    def key(self, dimensions: Dimensions) -> ColumnElement[str]:
        """The line that a row belongs to; empty where nobody knows."""
        keys: Mapping[Grouping, Callable[[], ColumnElement[str]]] = {
            Grouping.NONE: lambda: literal(""),
            Grouping.AREA: lambda: self._unit(dimensions.area_path),
            Grouping.DEPARTMENT: lambda: self._unit(dimensions.department_path),
            Grouping.ISSUE_TYPE: lambda: dimensions.issue_code,
            Grouping.MAJOR_CLASS: lambda: self._major_class(dimensions.issue_code),
            Grouping.SOURCE: lambda: dimensions.source,
            Grouping.DAY: lambda: self._day(dimensions.moment),
        }
        return keys[self.group]()

    def _major_class(self, issue_code: ColumnElement[str]) -> ColumnElement[str]:
        classes = cast(dict(self.major_classes), JSONB)
        return func.coalesce(classes[issue_code].astext, "")

    def _day(self, moment: ColumnElement[datetime]) -> ColumnElement[str]:
        return func.to_char(func.timezone(self.zone.key, moment), "YYYY-MM-DD")

    def _unit(self, path: ColumnElement[Any]) -> ColumnElement[str]:
        names = self.base_path.strip("/").count("/") + 1 if self.base_path != EVERYWHERE else 0
        return func.coalesce(func.substring(path, f"^/(?:[^/]+/){{0,{names + 1}}}"), "")


def counting(source: FactSource, question: FigureQuestion, lines: Lines) -> Select[Any]:
    """Return the statement that counts the rows of a source by line."""
    conditions = (*source.conditions, *_filters(source.dimensions, question.wanted))
    key = lines.key(source.dimensions).label(LINE)
    counters = (value.label(name) for name, value in source.counters.items())
    return select(key, *counters).select_from(source.rows).where(*conditions).group_by(LINE)


def within(moment: ColumnElement[Any], question: FigureQuestion) -> Condition:
    """Whether a moment lies in the period."""
    return (moment >= question.start) & (moment < question.until)


def number_of(condition: Condition) -> ColumnElement[int]:
    """How many rows meet a condition."""
    return func.count().filter(condition)


def all_rows() -> ColumnElement[int]:
    """How many rows there are."""
    return func.count()


def minutes_between(
    start: ColumnElement[Any], end: ColumnElement[Any], condition: Condition
) -> ColumnElement[Any]:
    """All minutes from one moment to another, of rows that meet a condition."""
    return func.sum(func.extract("epoch", end - start) / 60).filter(condition)


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
