"""What figures are asked for: a period, how they are grouped, and of which cases."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from api.cases.reach import EVERYWHERE
from api.contract.case_words import CaseSource
from streams.kit.errors import CityPatrolError

LONGEST_PERIOD = timedelta(days=400)
"""A year and what is compared with it; more is worked through year by year."""


class FigureQuestionError(CityPatrolError):
    """A question that cannot be answered."""


class Grouping(StrEnum):
    """What each line of the figures is about."""

    NONE = "none"
    """All cases together."""
    AREA = "area"
    """Where they lie: the units right below the area that is asked about."""
    DEPARTMENT = "department"
    """Who handles them: the units right below the department that is asked about."""
    ISSUE_TYPE = "issue_type"
    MAJOR_CLASS = "major_class"
    SOURCE = "source"
    DAY = "day"
    """The city's days, each by the moment at which a figure counts."""


@dataclass(frozen=True, slots=True)
class FigureFilter:
    """Of which cases; what is None filters nothing.

    Attributes:
        area_path: Path of the unit in whose ground they lie.
        department_path: Path of the unit that handles them, or whose parts do.
        issue_code: Their type.
        source: The channel through which they came.
        visible_path: Path of the unit of whoever asks: what lies in its ground, and what its
            departments handle or, of tasks, handled.
    """

    area_path: str | None = None
    department_path: str | None = None
    issue_code: str | None = None
    source: CaseSource | None = None
    visible_path: str = EVERYWHERE

    @property
    def asks_for_places(self) -> bool:
        """Whether it needs to be known where a case lies or who handles it."""
        paths = (self.area_path, self.department_path)
        return any(path is not None for path in paths) or self.visible_path != EVERYWHERE


@dataclass(frozen=True, slots=True)
class FigureQuestion:
    """What figures are asked for.

    Attributes:
        start: Beginning of the period.
        until: Its end, which does not belong to it.
        group: What each line is about.
        wanted: Of which cases.

    Raises:
        FigureQuestionError: The period has no time zone, is none, or is too long.
    """

    start: datetime
    until: datetime
    group: Grouping = Grouping.NONE
    wanted: FigureFilter = FigureFilter()

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.until.tzinfo is None:
            raise FigureQuestionError(
                f"the period from {self.start} until {self.until} has no time zone; write one "
                "at its ends, such as 2026-11-01T00:00:00+08:00"
            )
        if self.start >= self.until:
            raise FigureQuestionError(
                f"the period from {self.start.isoformat()} until {self.until.isoformat()} ends "
                "before it begins; give a later end"
            )
        if self.until - self.start > LONGEST_PERIOD:
            raise FigureQuestionError(
                f"the period from {self.start.isoformat()} until {self.until.isoformat()} is "
                f"longer than {LONGEST_PERIOD.days} days; ask for parts of it"
            )

    @property
    def days(self) -> float:
        """Length of the period in days, parts of one included."""
        return (self.until - self.start) / timedelta(days=1)
