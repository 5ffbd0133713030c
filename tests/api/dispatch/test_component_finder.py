"""The nearest components: what the database says is what looking at all of them says."""

import random

import pytest
from pyproj import Geod
from sqlalchemy import text

from api.database.database import Database
from api.dispatch.component import Component, is_component_id, type_in
from api.dispatch.component_finder import ComponentFinder, NearComponent
from api.dispatch.dispatch_store import DispatchStore, DispatchTables
from api.dispatch.organisation import Organisation, OrganisationUnit, UnitKind
from tests.api.dispatch.conftest import WithStore

EARTH = Geod(ellps="WGS84")
ROOT = Organisation([OrganisationUnit("city", "市", "City", UnitKind.CITY)])
TYPES = ["01001", "01002", "03001"]


def metres(lon: float, lat: float, one: Component) -> float:
    return float(EARTH.inv(lon, lat, one.lon, one.lat)[2])


def scattered(number: int, south: float, chance: random.Random) -> list[Component]:
    """Components over about a square kilometre."""
    return [
        Component(
            component_id=f"500106{chance.choice(TYPES)}{index:06}",
            type_code=chance.choice(TYPES),
            lon=106.45 + chance.random() * 0.01,
            lat=south + chance.random() * 0.01,
        )
        for index in range(number)
    ]


# Near the pole a degree of longitude is a tenth of one of latitude: the order in degrees, which
# the index knows, says little of the order in metres.
@pytest.mark.parametrize("south", [0.0, 29.55, -60.0, 84.0])
@pytest.mark.parametrize("radius_m", [8.0, 30.0, 400.0])
def test_nearest_are_those_of_brute_force(with_store: WithStore, south: float, radius_m: float):
    chance = random.Random(f"{south} {radius_m}")
    several = scattered(3000, south, chance)
    places = [(106.45 + chance.random() * 0.01, south + chance.random() * 0.01) for _ in range(40)]

    async def ask(store: DispatchStore, database: Database) -> list[list[NearComponent]]:
        await store.replace(DispatchTables(ROOT, components=several))
        async with database.reading() as connection:
            finder = ComponentFinder(connection, radius_m)
            return [await finder.nearest(*place, TYPES[:2], count=4) for place in places]

    for place, found in zip(places, with_store(ask), strict=True):
        wanted = sorted(
            (metres(*place, one), one.component_id) for one in several if one.type_code != "03001"
        )
        expected = [one for one in wanted[:4] if one[0] <= radius_m]
        assert [one.component.component_id for one in found] == [name for _, name in expected]
        assert [one.distance_m for one in found] == pytest.approx([far for far, _ in expected])


def test_who_asks_for_no_kind_gets_none(with_store: WithStore):
    one = Component("50010601001000001", "01001", 106.45, 29.55, "city")

    async def ask(store: DispatchStore, database: Database) -> list[NearComponent]:
        await store.replace(DispatchTables(ROOT, components=[one]))
        async with database.reading() as connection:
            finder = ComponentFinder(connection, 1.0)
            assert await finder.nearest(106.45, 29.55, []) == []
            return await finder.nearest(106.45, 29.55, {"01001"})

    assert with_store(ask) == [NearComponent(one, 0.0)]


def test_the_index_is_there_after_an_import(with_store: WithStore):
    async def ask(store: DispatchStore, database: Database) -> str:
        await store.replace(DispatchTables(ROOT, components=[]))
        async with database.reading() as connection:
            found = text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_components_place'")
            return (await connection.execute(found)).scalar_one()

    assert with_store(ask).endswith("USING gist (point(lon, lat))")


@pytest.mark.parametrize(
    ("component_id", "is_one", "kind"),
    [
        ("50010601023000001", True, "01023"),
        ("5001060123000001", True, None),
        ("500106010230000", False, None),
        ("500106010230000011", False, None),
        ("５0010601023000001", False, None),
        ("5.00106E+16", False, None),
    ],
)
def test_component_ids(component_id: str, is_one: bool, kind: str | None):
    assert is_component_id(component_id) is is_one
    assert type_in(component_id) == kind
