"""From a matter to its department: in which order the tables are asked."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from api.database.database import Database
from api.dispatch.dispatch_store import DispatchStore
from api.dispatch.resolution import Assignment, Ground, Matter, Unresolved, UnresolvedReason
from api.dispatch.table_import import import_tables
from tests.api.dispatch.city_tables import EAST, NORTH, WEST, CityTables
from tests.api.dispatch.conftest import WithStore

NOON = datetime(2026, 1, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
IN_WEST = (106.4501, 29.5501)
IN_EAST = (106.4651, 29.5551)
IN_NORTH = (106.4551, 29.5651)
OUTSIDE = (106.3, 29.3)

Resolve = Callable[..., Assignment | Unresolved]


@pytest.fixture
def resolve(city: CityTables, with_store: WithStore) -> Resolve:
    """Imports the tables as they are, and resolves one matter."""

    def resolve_one(
        issue_code: str, place: tuple[float, float], moment: datetime = NOON, **more: str
    ) -> Assignment | Unresolved:
        async def ask(store: DispatchStore, database: Database) -> Assignment | Unresolved:
            await import_tables(store, city.reader())
            async with database.reading() as connection:
                dispatcher = await store.dispatcher(connection)
                return await dispatcher.resolve(Matter(issue_code, *place, moment, **more))

        return with_store(ask)

    return resolve_one


def test_row_of_the_responsibilities_comes_first(resolve: Resolve):
    found = resolve("09001", IN_WEST)
    assert isinstance(found, Assignment)
    assert (found.unit_grid, found.area.unit_id) == (WEST, "west_town")
    assert (found.department.unit_id, found.person) == ("team", "handler.team")
    assert found.component is None
    assert found.how == (Ground.RESPONSIBILITY_ROW, Ground.ON_DUTY)


@pytest.mark.parametrize(
    ("issue_code", "place", "unit_grid", "department"),
    [
        ("06010", IN_WEST, WEST, "west_sanitation"),
        ("06010", IN_NORTH, NORTH, "sanitation"),
        ("06010", IN_EAST, EAST, "west_sanitation"),
        ("09009", IN_NORTH, NORTH, "police"),
    ],
)
def test_else_the_catalogue_names_the_department(
    resolve: Resolve,
    issue_code: str,
    place: tuple[float, float],
    unit_grid: str,
    department: str,
):
    found = resolve(issue_code, place)
    assert (found.unit_grid, found.department.unit_id) == (unit_grid, department)
    assert found.how[0] is Ground.CATALOGUE_DEPARTMENT


@pytest.mark.parametrize(
    ("hour", "person", "ground"),
    [
        (8, "handler.sanitation", Ground.ON_DUTY),
        (18, None, Ground.NOBODY_ON_DUTY),
        (7, None, Ground.NOBODY_ON_DUTY),
    ],
)
def test_nobody_on_duty_leaves_it_with_the_department(
    resolve: Resolve, hour: int, person: str | None, ground: Ground
):
    found = resolve("06010", IN_NORTH, NOON.replace(hour=hour))
    assert (found.department.unit_id, found.person) == ("sanitation", person)
    assert found.how == (Ground.CATALOGUE_DEPARTMENT, ground)


def test_who_keeps_a_component_is_asked_before_the_catalogue(resolve: Resolve):
    found = resolve("01002", IN_WEST)
    assert found.component.component.component_id == "50010601002000001"
    assert found.component.distance_m == 0.0
    assert (found.department.unit_id, found.how[0]) == ("sanitation", Ground.COMPONENT_OWNER)


def test_a_matter_is_told_by_what_it_stands_near(city: CityTables, resolve: Resolve):
    city.add("responsibilities.csv", "01023,,01002,,police")
    found = resolve("01023", IN_WEST)
    assert found.component.component.type_code == "01002"
    assert (found.department.unit_id, found.how[0]) == ("police", Ground.RESPONSIBILITY_ROW)


@pytest.mark.parametrize(
    ("issue_code", "place"),
    [("09009", IN_WEST), ("01004", IN_WEST), ("01002", (106.4505, 29.5501))],
)
def test_other_or_distant_components_are_none(
    city: CityTables, resolve: Resolve, issue_code: str, place: tuple[float, float]
):
    city.add("responsibilities.csv", "*,,,,police")
    found = resolve(issue_code, place)
    assert found.component is None


@pytest.mark.parametrize(
    ("issue_code", "place", "reason", "said"),
    [
        ("09000", IN_WEST, UnresolvedReason.UNKNOWN_ISSUE_TYPE, "'09000' is not in catalogue"),
        ("99001", IN_WEST, UnresolvedReason.CAMERA_FAULT, "99001 is a fault of a camera"),
        ("09009", OUTSIDE, UnresolvedReason.OUTSIDE_GRIDS, "no cell holds the place 106.3, 29.3"),
        (
            "09001",
            IN_NORTH,
            UnresolvedReason.NO_RESPONSIBILITY,
            "no unit at all answers for its department 'urban_management'",
        ),
    ],
)
def test_why_nobody_is_found(
    resolve: Resolve,
    issue_code: str,
    place: tuple[float, float],
    reason: UnresolvedReason,
    said: str,
):
    found = resolve(issue_code, place)
    assert isinstance(found, Unresolved)
    assert found.reason is reason
    assert said in found.detail


def test_department_of_another_town_is_none(city: CityTables, resolve: Resolve):
    city.add("organisation.csv", "bureau,执法,Bureau,department,west_town,,urban_management")
    found = resolve("09001", IN_NORTH)
    assert (found.reason, found.unit_grid) == (UnresolvedReason.NO_DEPARTMENT, NORTH)
    assert "no unit of area 'north_town' or above it" in found.detail


def test_cell_that_is_known_already_counts(resolve: Resolve):
    found = resolve("09009", OUTSIDE, unit_grid=NORTH)
    assert (found.unit_grid, found.department.unit_id) == (NORTH, "police")


def test_before_the_first_import(with_store: WithStore):
    async def ask(store: DispatchStore, database: Database) -> Assignment | Unresolved:
        async with database.reading() as connection:
            dispatcher = await store.dispatcher(connection)
            return await dispatcher.resolve(Matter("09009", *IN_WEST, NOON))

    assert with_store(ask).reason is UnresolvedReason.NO_ORGANISATION
