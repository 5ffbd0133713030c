"""A district with two towns, its departments, and somebody for each role."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.accounts.role import Role
from api.database.database import Database, database_address
from api.dispatch.dispatch_store import DispatchStore
from api.dispatch.settings import DispatchSettings
from api.dispatch.table_files import TableFolder
from api.dispatch.table_import import import_tables
from api.grids.grid_store import GridStore
from models.catalogue.issue_catalogue import load_catalogue
from tests.api.running_api import RunningApi, batch

ORGANISATION = """\
unit_id,name_zh,name_en,kind,parent_id,division_code,department_key
district,示范区,District,district,,440305,
sanitation,环卫处,Sanitation,department,district,,sanitation
traffic,交警大队,Traffic police,department,district,,traffic_police
management,城管执法队,Urban management,department,district,,urban_management
north,北镇,North town,town,district,440305001,
south,南镇,South town,town,district,440305002,
"""
PLACE = (113.9413, 22.5403)
"""In a cell of the north town."""
SOUTH_PLACE = (113.9613, 22.5403)
RUBBISH = "06010"


class District:
    """An API whose tables are those above; ``by`` gives a client of somebody with a role."""

    def __init__(self, api: RunningApi) -> None:
        self.api = api

    def by(self, role: Role, login: str | None = None, unit_id: str | None = None) -> httpx.Client:
        return self.api.user_named(login or role.value, role, unit_id=unit_id)

    def report(self, **changes: Any) -> dict[str, Any]:
        """Report a matter by the hotline, and return its case."""
        lon, lat = changes.pop("place", PLACE)
        body = {"issue_code": RUBBISH, "lon": lon, "lat": lat, "source": "hotline", **changes}
        answer = self.api.http.post("/v1/cases", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def do(self, case_id: str, action: str, role: Role, **said: Any) -> dict[str, Any]:
        """Do something with a case as somebody with a role, who must be allowed to."""
        answer = self.tried(case_id, action, role, **said)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def tried(self, case_id: str, action: str, role: Role, **said: Any) -> httpx.Response:
        units = {Role.DEPARTMENT: "sanitation", Role.HANDLER: "sanitation"}
        client = self.by(role, unit_id=units.get(role))
        return client.post(f"/v1/cases/{case_id}/actions/{action}", json=said)

    def post(self, *events: Any) -> None:
        answer = self.api.http.post("/v1/events", json=batch(*events))
        assert answer.status_code == 200, answer.text


@pytest.fixture
def district(api: RunningApi, tmp_path: Path) -> District:
    return opened_district(api, tmp_path)


def opened_district(api: RunningApi, folder: Path) -> District:
    """The district, its tables imported."""
    tables = folder / "tables"
    tables.mkdir()
    (tables / "organisation.csv").write_text(ORGANISATION, encoding="utf-8")
    (tables / "grids.geojson").write_text(json.dumps(cells()), encoding="utf-8")
    asyncio.run(import_folder(tables, api.settings.database_url.get_secret_value()))
    return District(api)


async def import_folder(tables: Path, address: str) -> None:
    database = Database(database_address(address), connections=1)
    settings, catalogue = DispatchSettings(), load_catalogue()
    store = DispatchStore(database, GridStore(database), catalogue, settings)
    try:
        await import_tables(store, TableFolder(tables, catalogue, settings, None))
    finally:
        await database.close()


def cells() -> dict[str, Any]:
    """Its management cells, as GeoJSON."""
    cells = {"440305001001001": PLACE, "440305002001001": SOUTH_PLACE}
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Polygon", "coordinates": [_square(*place)]},
                "properties": {"unit_grid": code},
            }
            for code, place in cells.items()
        ],
    }


def _square(lon: float, lat: float) -> list[list[float]]:
    d = 0.005
    corners = [(lon - d, lat - d), (lon + d, lat - d), (lon + d, lat + d), (lon - d, lat + d)]
    return [list(corner) for corner in [*corners, corners[0]]]
