"""Lists of cases: what a search finds, and that what is rare is found by an index."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.dialects import postgresql

from api.cases.case_query import CaseFilter, list_plan, newest_first
from api.cases.reach import EVERYWHERE, Reach
from api.contract.case_words import CaseSource, CaseState, Light
from api.database.database import database_address
from api.database.embedded_postgres import EmbeddedPostgres
from benchmarks.load.many_cases import QUIET_UNIT, fill_with_cases
from tests.api.cases.conftest import District
from tests.api.conftest import new_database

CASES = 20_000
SAID = "路边100%的_垃圾桶满了"


@pytest.fixture(scope="module")
def year(postgres: EmbeddedPostgres) -> Iterator[Connection]:
    """A year's cases of a small city."""
    with new_database(postgres) as url:
        fill_with_cases(url, CASES, ["09001", "09002", "03001"])
        engine = create_engine(database_address(url))
        with engine.connect() as connection:
            yield connection
        engine.dispose()


@pytest.mark.parametrize(
    "wanted",
    [
        CaseFilter(text="鲸鱼搁浅"),
        CaseFilter(text="鲸"),
        CaseFilter(sources=(CaseSource.DRONE,)),
        CaseFilter(states=(CaseState.SUSPENDED,)),
        CaseFilter(lights=(Light.YELLOW,)),
        CaseFilter(lights=(Light.RED,)),
        CaseFilter(handler="nobody"),
        CaseFilter(unit_grid="000000000000000"),
        CaseFilter(department_id=QUIET_UNIT),
        CaseFilter(issue_codes=("07001",)),
        CaseFilter(is_open=True),
    ],
    ids=repr,
)
def test_what_is_rare_is_found_by_an_index(year: Connection, wanted: CaseFilter) -> None:
    check_plan(year, wanted, Reach(EVERYWHERE))


def test_idle_unit_is_answered_by_an_index(year: Connection) -> None:
    check_plan(year, CaseFilter(), Reach(f"/load_city/{QUIET_UNIT}/"))


def test_open_cases_of_a_unit_are_answered_by_the_index_of_open_ones(year: Connection) -> None:
    check_plan(year, CaseFilter(is_open=True), Reach("/load_city/load_town_3/"))


@pytest.mark.parametrize("said", ["", "车", "车车车", "井盖松动 17\n\\'", "🚲车"])
def test_index_of_words_holds_each_letter_and_each_pair(year: Connection, said: str) -> None:
    with year.begin():
        grams = year.execute(text("SELECT text_grams(:said)"), {"said": said}).scalar_one()
    pairs = {said[at : at + 2] for at in range(len(said) - 1)}
    assert set(grams) == set(said) | pairs


def check_plan(year: Connection, wanted: CaseFilter, reach: Reach) -> None:
    """No more is read than a page, or what matches."""
    statement = newest_first(wanted, reach, datetime.now(UTC)).limit(101)
    with year.begin():
        year.execute(list_plan(wanted, reach))
        asked = statement.compile(
            dialect=postgresql.dialect(),
            compile_kwargs={"literal_binds": True},
        )
        explained = year.execute(
            text(f"EXPLAIN (ANALYZE, FORMAT JSON) {str(asked).replace(':', chr(92) + ':')}")
        ).scalar_one()
    plan = explained[0]["Plan"]
    assert rows_looked_at(plan) < CASES / 10, plan


def rows_looked_at(plan: dict[str, object]) -> float:
    """Rows that were read from the table, those that were thrown away included."""
    below = plan.get("Plans", [])
    assert isinstance(below, list)
    inner = sum(rows_looked_at(one) for one in below)
    if "Relation Name" not in plan:
        return inner
    thrown = plan.get("Rows Removed by Filter", 0)
    return float(plan["Actual Rows"]) + float(thrown) + inner  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("searched", "found"),
    [
        ("垃圾桶", True),
        ("桶", True),
        (SAID, True),
        (SAID + "了", False),
        ("路边200%的_垃圾桶满了", False),
        ("100%的", True),
        ("_垃", True),
        ("桶垃", False),
        ("垃满", False),
        ("鲸", False),
        ("100_的", False),
        ("%", True),
        ("'", False),
        ("\\", False),
    ],
)
def test_search_finds_what_was_said(district: District, searched: str, found: bool) -> None:
    case = district.report(description=SAID)
    shown = district.api.reader.get("/v1/cases", params={"text": searched}).json()["cases"]
    assert [one["case_id"] for one in shown] == [case["case_id"]] * found


def test_search_finds_a_number_by_its_start_and_another_systems_whole(district: District) -> None:
    case = district.report(external_number="HOT-4711")

    def ids(searched: str) -> list[str]:
        answer = district.api.reader.get("/v1/cases", params={"text": searched})
        return [one["case_id"] for one in answer.json()["cases"]]

    assert ids(case["number"][:8]) == [case["case_id"]]
    assert ids("HOT-4711") == [case["case_id"]]
    assert ids("HOT") == []
