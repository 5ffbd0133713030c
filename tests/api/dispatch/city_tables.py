"""A small city's tables as files, for tests to change one of them."""

import json
from pathlib import Path

from api.dispatch.dispatch_store import StoredRows
from api.dispatch.settings import DispatchSettings
from api.dispatch.table_faults import TableFaultsError
from api.dispatch.table_files import ReadTables, TableFolder
from models.catalogue.issue_catalogue import load_catalogue

WEST = "500106001001001"
EAST = "500106001002001"
NORTH = "500106002001001"

ORGANISATION = """\
unit_id,name_zh,name_en,kind,parent_id,division_code,department_key
city,市,City,city,,,
district,区,District,district,city,500106,
west_town,西街道,West Town,town,district,500106001,town
north_town,北街道,,town,district,500106002,
police,交警,Traffic Police,department,district,,traffic_police
sanitation,环卫,Sanitation,department,district,,sanitation
west_sanitation,西环卫,West Sanitation,station,west_town,,sanitation
team,执法队,Team,station,west_town,,
fishery,渔政,Fishery,department,north_town,,fishery
"""
RESPONSIBILITIES = """\
issue_pattern,grid_prefix,component_type,hours,unit_id
09001,500106001,,,team
"""
ROSTER = """\
unit_id,person,starts_at,ends_at
team,handler.team,2026-01-01 00:00,2027-01-01 00:00
sanitation,handler.sanitation,2026-01-01 08:00,2026-01-01 18:00
"""
COMPONENTS = """\
component_id,lon,lat,unit_id
50010601002000001,106.4501,29.5501,sanitation
"""


def cell(code: str, west: float, south: float) -> dict:
    east, north = west + 0.01, south + 0.01
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"unit_grid": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


CELLS = [cell(WEST, 106.45, 29.55), cell(EAST, 106.46, 29.55), cell(NORTH, 106.45, 29.56)]


def collection(features: list[dict]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


class CityTables:
    """The folder; ``write`` changes a file of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("organisation.csv", ORGANISATION)
        self.write("responsibilities.csv", RESPONSIBILITIES)
        self.write("roster.csv", ROSTER)
        self.write("components.csv", COMPONENTS)
        self.write("grids.geojson", collection(CELLS))

    def write(self, name: str, content: str, encoding: str = "utf-8") -> None:
        (self.folder / name).write_text(content, encoding=encoding)

    def add(self, name: str, line: str) -> None:
        with (self.folder / name).open("a") as file:
            file.write(f"{line}\n")

    def remove(self, name: str) -> None:
        (self.folder / name).unlink()

    def reader(self) -> TableFolder:
        return TableFolder(self.folder, load_catalogue(), DispatchSettings())

    def read(self, stored: StoredRows | None = None) -> ReadTables:
        return self.reader().read(stored or StoredRows())

    def faults(self, stored: StoredRows | None = None) -> list[str]:
        """Read what cannot be read, and return every fault."""
        try:
            self.read(stored)
        except TableFaultsError as error:
            return [str(fault) for fault in error.faults]
        raise AssertionError("nothing was found to be wrong")
