"""The figures of cases, counted anew for every question."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.cases.reach import EVERYWHERE, unit_path
from api.clocks.service_time import ServiceTime
from api.database.database import Database
from api.figures.case_facts import case_facts
from api.figures.event_facts import event_facts, verdicts_by_model
from api.figures.fact_source import KEY, FactSource, Lines
from api.figures.figure_definitions import FigureDefinitions, load_definitions
from api.figures.figure_question import FigureQuestion, Grouping
from api.figures.figure_settings import FigureSettings
from api.figures.figure_units import UnitName, root_path, unit_names
from api.figures.figure_values import FigureLine, Figures, ModelVerdicts
from api.figures.indicators import indicators_of
from api.figures.task_facts import task_facts
from models.catalogue.file import BothNames
from models.catalogue.issue_catalogue import IssueCatalogue
from models.words import IssueKind

# A month of a large city has a million tasks: they are joined in memory, and translating the
# statements into machine code would take longer than running them. PostgreSQL expects a tenth of
# the tasks that there are, and would sort them where they are counted by a line each. A page out of
# its turn costs little more than the next one: the month lies in memory, or on a disk that does not
# turn.
_FOR_LARGE_COUNTS = text(
    "SET LOCAL work_mem = '64MB'; SET LOCAL jit = off; SET LOCAL enable_sort = off; "
    "SET LOCAL random_page_cost = 1.1"
)
_ALL = BothNames(zh="全部", en="All")
_UNKNOWN = BothNames(zh="未知", en="Unknown")


class CaseFigures:
    """Counts cases, their tasks and their events.

    Args:
        database: Where they are.
        catalogue: What issue types are called, and which are faults of cameras.
        weights: Of the composite score.
        zone: Whose days are days.
        time: What time it is for cases.
    """

    def __init__(
        self,
        database: Database,
        catalogue: IssueCatalogue,
        weights: FigureSettings,
        zone: ZoneInfo,
        time: ServiceTime,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._weights = weights
        self._zone = zone
        self._time = time
        self._definitions = load_definitions()
        self._major_classes = {code: name.zh for code, name in catalogue.major_classes.items()}
        self._camera_faults = tuple(
            code for code, issue in catalogue.types.items() if issue.kind is IssueKind.CAMERA
        )

    @property
    def definitions(self) -> FigureDefinitions:
        """What every figure counts."""
        return self._definitions

    async def unit_path(self, unit_id: str) -> str | None:
        """Return where a unit is in the organisation, or None if it is not there."""
        async with self._database.reading() as connection:
            return await unit_path(connection, unit_id)

    async def read(self, question: FigureQuestion) -> Figures:
        """Answer a question; all of the answer is as of one moment."""
        as_of = min(question.until, self._time.now())
        async with self._database.reading() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            await connection.execute(_FOR_LARGE_COUNTS)
            lines = await self._lines(connection, question)
            counted = await self._count(connection, question, lines, as_of)
            said = await connection.execute(
                verdicts_by_model(question, Lines(Grouping.NONE, EVERYWHERE, self._zone, {}))
            )
            verdicts = tuple(
                ModelVerdicts(row.model_name, row.model_version, row.reason, row.verdicts)
                for row in said
            )
            units = await unit_names(connection, counted) if _are_units(question) else {}
        return Figures(
            question=question,
            as_of=as_of,
            lines=tuple(
                self._line(key, counted[key], self._name(question.group, key, units))
                for key in sorted(counted)
            ),
            verdicts=verdicts,
        )

    async def _count(
        self, connection: AsyncConnection, question: FigureQuestion, lines: Lines, as_of: datetime
    ) -> dict[str, dict[str, float]]:
        counted: dict[str, dict[str, float]] = defaultdict(
            lambda: {one.key: 0 for one in self._definitions.counters}
        )
        if question.group is Grouping.NONE:
            # A line of zeros where nothing was found.
            counted[""]
        for source in self._sources(question, as_of):
            for row in await connection.execute(source.counting(question, lines)):
                _add(counted[source.line(lines, row.line_key)], row._mapping)
        return counted

    def _sources(self, question: FigureQuestion, as_of: datetime) -> Iterator[FactSource]:
        yield from case_facts(question)
        yield from task_facts(question, as_of)
        yield from event_facts(question, self._camera_faults)

    async def _lines(self, connection: AsyncConnection, question: FigureQuestion) -> Lines:
        wanted = question.wanted
        asked = wanted.area_path if question.group is Grouping.AREA else wanted.department_path
        base = asked or EVERYWHERE
        if _are_units(question) and asked is None:
            base = await root_path(connection)
        return Lines(question.group, base, self._zone, self._major_classes)

    def _line(self, key: str, counters: dict[str, float], name: BothNames) -> FigureLine:
        shares = indicators_of(counters, self._definitions, self._weights)
        return FigureLine(key, name, counters, shares)

    def _name(self, group: Grouping, key: str, units: Mapping[str, UnitName]) -> BothNames:
        match group:
            case Grouping.NONE:
                return _ALL
            case Grouping.AREA | Grouping.DEPARTMENT:
                return units[key].name if key in units else _UNKNOWN
            case Grouping.ISSUE_TYPE:
                issue = self._catalogue.types.get(key)
                return BothNames(zh=issue.name_zh, en=issue.name_en) if issue else _UNKNOWN
            case Grouping.MAJOR_CLASS:
                names = self._catalogue.major_classes.values()
                return next((one for one in names if one.zh == key), _UNKNOWN)
            case Grouping.SOURCE:
                return {one.value: name for one, name in self._definitions.sources.items()}.get(
                    key, _UNKNOWN
                )
            case Grouping.DAY:
                return BothNames(zh=key, en=key)


def _are_units(question: FigureQuestion) -> bool:
    return question.group in {Grouping.AREA, Grouping.DEPARTMENT}


def _add(counters: dict[str, float], row: Mapping[str, Any]) -> None:
    for name, value in row.items():
        if name != KEY:
            # PostgreSQL's sums are Decimal, and NULL where no row counted.
            number = value or 0
            counters[name] += number if isinstance(number, int) else float(number)
