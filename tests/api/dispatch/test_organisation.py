"""The tree of units: what makes none, whose ground a cell is, who answers for what."""

from dataclasses import replace

import pytest

from api.dispatch.organisation import (
    Organisation,
    OrganisationError,
    OrganisationUnit,
    UnitKind,
    UnknownUnitError,
)


def unit(unit_id: str, kind: str, parent_id: str | None = None, **more: str) -> OrganisationUnit:
    return OrganisationUnit(unit_id, unit_id, unit_id, UnitKind(kind), parent_id, **more)


CITY = unit("city", "city", division_code="500100")
DISTRICT = unit("district", "district", "city", division_code="500106")
TOWN = unit("town", "town", "district", division_code="500106001", department_key="town")
BLOCK = unit("block", "town", "town", division_code="500106001002")
BUREAU = unit("bureau", "department", "district", department_key="sanitation")
DEPOT = unit("depot", "station", "bureau", department_key="parks_and_greening")
TOWN_BUREAU = unit("town_bureau", "department", "town", department_key="sanitation")
UNITS = [DEPOT, TOWN_BUREAU, BUREAU, BLOCK, TOWN, DISTRICT, CITY]


@pytest.fixture
def organisation() -> Organisation:
    return Organisation(UNITS)


@pytest.mark.parametrize(
    ("unit_grid", "area"),
    [
        ("500106001002003", "block"),
        ("500106001009001", "town"),
        ("500106077001001", "district"),
        ("500199001001001", "city"),
    ],
)
def test_area_of_a_cell_is_the_smallest_that_has_it(
    organisation: Organisation, unit_grid: str, area: str
):
    assert organisation.area_of(unit_grid).unit_id == area


@pytest.mark.parametrize(
    ("area", "key", "found"),
    [
        ("block", "sanitation", ["town_bureau", "bureau"]),
        ("town", "town", ["town"]),
        ("district", "sanitation", ["bureau"]),
        ("block", "parks_and_greening", ["depot"]),
        ("district", "town", []),
        ("town", "fishery", []),
    ],
)
def test_who_answers_is_looked_for_upwards(
    organisation: Organisation, area: str, key: str, found: list[str]
):
    departments = organisation.departments_for(key, organisation.unit(area))
    assert [one.unit_id for one in departments] == found


def test_path_leads_from_the_root(organisation: Organisation):
    assert organisation.path_of("depot") == "/city/district/bureau/depot/"
    assert organisation.root == CITY
    with pytest.raises(UnknownUnitError, match="'nobody': there is none"):
        organisation.unit("nobody")


@pytest.mark.parametrize(
    ("unit_id", "changes", "said"),
    [
        ("town", {"parent_id": "block"}, "closes a circle: town → block → town"),
        ("town", {"parent_id": "town"}, "closes a circle: town → town"),
        ("town", {"parent_id": "nowhere"}, "parent_id 'nowhere' is no unit"),
        ("town", {"parent_id": None}, "is empty, but unit 'city' is the root already"),
        ("town", {"parent_id": "bureau"}, "is a department; a town is a part of"),
        ("depot", {"unit_id": "bureau"}, "unit_id 'bureau' is there twice"),
        ("bureau", {"division_code": "500106002"}, "a department, which has no ground"),
        ("town", {"division_code": "500106"}, "is that of unit 'district', too"),
        ("depot", {"department_key": "sanitation"}, "answered for by 'bureau' in 'district'"),
        ("city", {"kind": UnitKind.DEPARTMENT}, "must be a city, district or town"),
        ("city", {"parent_id": "block"}, "is empty nowhere"),
    ],
)
def test_what_is_no_tree_is_refused_by_name(unit_id: str, changes: dict[str, str], said: str):
    units = [replace(one, **changes) if one.unit_id == unit_id else one for one in UNITS[::-1]]
    with pytest.raises(OrganisationError) as caught:
        Organisation(units)
    assert said in str(caught.value)


def test_a_long_circle_is_named_once():
    ring = [unit(f"t{number}", "town", f"t{(number + 1) % 50}") for number in range(50)]
    with pytest.raises(OrganisationError) as caught:
        Organisation([CITY, *ring])
    (problem,) = caught.value.problems
    assert problem.message.count("→") == 50
