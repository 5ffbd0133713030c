"""The figures of hundreds of random cases equal those computed one by one in plain Python."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from api.cases.reach import NOWHERE
from api.clocks.service_time import ServiceTime
from api.contract.case_words import CaseSource, CaseState
from api.contract.cases import VerdictReason
from api.database.database import Database, database_address
from api.database.embedded_postgres import EmbeddedPostgres
from api.figures.case_figures import CaseFigures
from api.figures.figure_question import FigureFilter, FigureQuestion, Grouping
from api.figures.figure_settings import FigureSettings
from api.figures.figure_values import Figures, ModelVerdicts
from benchmarks.figures.case_record import CaseRecord, EventRecord, VerdictRecord
from benchmarks.figures.recomputed import Fact, Recomputed, Span
from models.catalogue.issue_catalogue import load_catalogue
from models.catalogue.settings import CatalogueSettings
from tests.api.conftest import new_database
from tests.api.figures.kept_cases import keep
from tests.api.figures.made_cases import CODES, CaseMaker

CATALOGUE = load_catalogue(CatalogueSettings())
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
CASES = 600
DAYS = 40
PERIODS = {
    "a week that is over": (NOW - timedelta(days=17), NOW - timedelta(days=10)),
    "all there is": (NOW - timedelta(days=60), NOW + timedelta(days=60)),
    "days that go on": (NOW - timedelta(days=3), NOW + timedelta(days=2)),
}
FILTERS = {
    "all": FigureFilter(),
    "an area": FigureFilter(area_path="/city/east/"),
    "a department": FigureFilter(department_path="/city/east/clean/"),
    "a type": FigureFilter(issue_code="09001"),
    "video": FigureFilter(source=CaseSource.VIDEO),
    "the hotline": FigureFilter(source=CaseSource.HOTLINE),
    "a unit's own": FigureFilter(visible_path="/city/west/"),
    "a unit that is gone": FigureFilter(visible_path=NOWHERE),
    "several": FigureFilter("/city/", "/city/east/", "09009", CaseSource.VIDEO, "/city/east/"),
}


@dataclass(frozen=True)
class District:
    """A database with cases, and the same as plain values."""

    url: str
    cases: list[CaseRecord]
    events: list[EventRecord]
    verdicts: list[VerdictRecord]


@pytest.fixture(scope="module")
def district(postgres: EmbeddedPostgres) -> Iterator[District]:
    with new_database(postgres) as url:
        yield fill(url, seed=20261120)


def fill(url: str, seed: int) -> District:
    maker, draw = CaseMaker(seed, NOW, DAYS), random.Random(seed)
    made = [maker.make(number) for number in range(1, CASES + 1)]
    seen, joined, said, events, verdicts = [], [], [], [], []
    for number in range(400):
        case = draw.choice(made).case if draw.random() < 0.8 else None
        first_seen = NOW - timedelta(days=DAYS) * draw.random()
        event = EventRecord(
            camera_id=f"c-{draw.randrange(12)}",
            issue_code=draw.choice(CODES),
            first_seen=first_seen,
            received_at=first_seen + timedelta(seconds=draw.randrange(600)),
            area_path=case and case.area_path,
            department_path=case and case.department_path,
        )
        events.append(event)
        seen.append(
            {
                "event_id": f"e{number}",
                "camera_id": event.camera_id,
                "issue_code": event.issue_code,
                "first_seen": event.first_seen,
                "received_at": event.received_at,
            }
        )
        case_id = case and case.case_id
        if case_id:
            joined.append({"event_id": f"e{number}", "case_id": case_id, "joined_at": NOW})
        verdict = VerdictRecord(
            issue_code=event.issue_code,
            given_at=first_seen + timedelta(hours=draw.randrange(40)),
            reason=draw.choice([None, *get_args(VerdictReason)]),
            area_path=event.area_path,
            department_path=event.department_path,
        )
        verdicts.append(verdict)
        said.append(
            {
                "event_id": f"e{number}",
                "case_id": case_id,
                "issue_code": verdict.issue_code,
                "given_at": verdict.given_at,
                "reason": verdict.reason,
            }
        )
    fault = {**seen[0], "event_id": "fault", "issue_code": "99001"}
    keep(url, made, [*seen, fault], joined, said)
    return District(url, [one.record() for one in made], events, verdicts)


def counted(url: str, question: FigureQuestion, weights: FigureSettings | None = None) -> Figures:
    async def ask() -> Figures:
        database = Database(database_address(url), connections=1)
        try:
            figures = CaseFigures(
                database,
                CATALOGUE,
                weights or FigureSettings(),
                ZONE,
                ServiceTime(speed=1e-9, starts_at=NOW),
            )
            return await figures.read(question)
        finally:
            await database.close()

    return asyncio.run(ask())


def recomputed(district: District, question: FigureQuestion) -> dict[str, dict[str, float]]:
    wanted = question.wanted
    days = 1 if question.group is Grouping.DAY else question.days

    def line(fact: Fact) -> str | None:
        area, department = fact.area_path or "", fact.department_path or ""
        seen = wanted.visible_path
        if not (
            area.startswith(wanted.area_path or "")
            and department.startswith(wanted.department_path or "")
            and wanted.issue_code in {None, fact.issue_code}
            and wanted.source in {None, fact.source}
            and (seen == "/" or area.startswith(seen) or department.startswith(seen))
        ):
            return None
        return line_of(fact, question)

    again = Recomputed(Span(question.start, question.until, NOW), line, days)
    again.add_cases(district.cases)
    again.add_events(district.events)
    again.add_verdicts(district.verdicts)
    return again.lines


def below(path: str | None, base: str | None) -> str:
    """The unit right below another that a path leads through."""
    names = [name for name in (path or "").split("/") if name]
    depth = 1 + len([name for name in (base or "/city/").split("/") if name])
    return "" if path is None else "/" + "".join(f"{name}/" for name in names[:depth])


def line_of(fact: Fact, question: FigureQuestion) -> str:
    wanted, code = question.wanted, fact.issue_code
    known = code in CATALOGUE.types
    return {
        Grouping.NONE: "",
        Grouping.AREA: below(fact.area_path, wanted.area_path),
        Grouping.DEPARTMENT: below(fact.department_path, wanted.department_path),
        Grouping.ISSUE_TYPE: code,
        Grouping.MAJOR_CLASS: CATALOGUE.major_classes[code].zh if known else "",
        Grouping.SOURCE: fact.source,
        Grouping.DAY: f"{fact.moment.astimezone(ZONE):%Y-%m-%d}",
    }[question.group]


def assert_same(figures: Figures, expected: dict[str, dict[str, float]]) -> None:
    found = {line.key: line.counters for line in figures.lines}
    for key in found.keys() | expected.keys():
        for name in {*found.get(key, {}), *expected.get(key, {})}:
            one, other = found.get(key, {}).get(name, 0), expected.get(key, {}).get(name, 0)
            assert one == pytest.approx(other, abs=1e-4), (key, name)


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("group", Grouping)
def test_every_grouping_equals_what_is_counted_one_by_one(
    district: District, group: Grouping, period: str
):
    question = FigureQuestion(*PERIODS[period], group)
    assert_same(counted(district.url, question), recomputed(district, question))


@pytest.mark.parametrize("group", [Grouping.NONE, Grouping.AREA, Grouping.DEPARTMENT])
@pytest.mark.parametrize("wanted", FILTERS)
def test_every_filter_equals_what_is_counted_one_by_one(
    district: District, wanted: str, group: Grouping
):
    question = FigureQuestion(*PERIODS["all there is"], group, FILTERS[wanted])
    assert_same(counted(district.url, question), recomputed(district, question))


def test_the_random_cases_hold_everything_that_is_counted(district: District):
    (line,) = counted(district.url, FigureQuestion(*PERIODS["all there is"])).lines
    assert [name for name, count in line.counters.items() if not count] == []
    assert [name for name, share in line.indicators.items() if share is None] == []
    assert {one.state for one in district.cases} == set(CaseState)


@pytest.mark.parametrize("group", [Grouping.NONE, Grouping.DAY])
def test_parts_make_up_the_whole(district: District, group: Grouping):
    for line in counted(district.url, FigureQuestion(*PERIODS["days that go on"], group)).lines:
        count = line.counters
        assert count["need_dispose"] == count["dispose"] + count["to_dispose"]
        assert count["need_dispatch"] >= count["dispatch"] >= count["in_time_dispatch"]
        assert count["need_archive"] >= count["archive"] + count["overtime_to_archive"]
        assert count["register"] >= count["in_time_register"]
        assert count["verdict"] >= count["false_alarm"]


def test_verdicts_are_split_by_model_version(district: District):
    figures = counted(district.url, FigureQuestion(*PERIODS["all there is"]))
    assert sum(one.verdicts for one in figures.verdicts) == len(district.verdicts)
    assert {(one.model, one.version) for one in figures.verdicts} == {("street", "2026.11")}
    without = sum(one.reason is None for one in district.verdicts)
    assert ModelVerdicts("street", "2026.11", None, without) in figures.verdicts


@pytest.mark.parametrize(
    ("group", "name"),
    [
        (Grouping.NONE, "All"),
        (Grouping.AREA, "Unit east"),
        (Grouping.DEPARTMENT, "Unit lights"),
        (Grouping.ISSUE_TYPE, CATALOGUE.types["09001"].name_en),
        (Grouping.MAJOR_CLASS, "Unknown"),
        (Grouping.SOURCE, "Hotline"),
        (Grouping.DAY, "2026-11-19"),
    ],
)
def test_lines_are_called_by_their_names(district: District, group: Grouping, name: str):
    lines = counted(district.url, FigureQuestion(*PERIODS["all there is"], group)).lines
    assert name in {line.name.en for line in lines}
    assert [line.key for line in lines] == sorted(line.key for line in lines)
