"""A file of events to try the tables with: GeoJSON as the API gives and takes it, or CSV."""

import re
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from api.contract.moment import Moment
from api.dispatch.csv_table import Columns, TableRow, read_csv
from api.dispatch.geojson_features import PointFeature, read_points
from api.dispatch.given_place import GivenPlace
from api.dispatch.resolution import Matter
from api.dispatch.roster_file import read_time
from api.dispatch.table_faults import FaultList, TableFaultsError
from api.grids.grid import UnitGrid
from models.words import IssueCode

COLUMNS = Columns(required=("issue_code", "lon", "lat", "time"), optional=("unit_grid",))
_ISSUE_CODE = re.compile(r"[0-9]{5}")
_UNIT_GRID = re.compile(r"[0-9A-Za-z]{15}")


@dataclass(frozen=True, slots=True)
class NamedMatter:
    """A matter, and what it is called: the event's id, or its place in the file."""

    name: str
    matter: Matter


class _EventFacts(BaseModel):
    """What of an event tells who handles it; the rest may say what it likes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    issue_code: IssueCode
    first_seen: Moment
    unit_grid: UnitGrid | None = None


def read_matters(path: Path, zone: tzinfo) -> list[NamedMatter]:
    """Read the events of a file.

    Args:
        path: What ends in .csv is a table of issue_code, lon, lat and time; anything else a
            GeoJSON feature collection of events.
        zone: Where times of a table that name no zone are meant.

    Raises:
        TableFaultsError: Something is wrong with it; every fault is named.
    """
    faults = FaultList(path.name)
    if path.suffix.lower() == ".csv":
        rows = [_of_row(row, zone, faults) for row in read_csv(path, COLUMNS, faults)]
    else:
        rows = [_of_event(feature, faults) for feature in read_points(path, faults)]
    if faults.faults:
        raise TableFaultsError(f"the events in {str(path)!r}", faults.faults)
    return [row for row in rows if row is not None]


def _of_event(feature: PointFeature, faults: FaultList) -> NamedMatter | None:
    try:
        event = _EventFacts.model_validate(feature.properties)
    except ValidationError as error:
        faults.add_problems(feature.where, error)
        return None
    matter = Matter(
        issue_code=event.issue_code,
        lon=feature.point.lon,
        lat=feature.point.lat,
        moment=event.first_seen,
        unit_grid=event.unit_grid,
    )
    return NamedMatter(feature.feature_id or feature.where, matter)


def _of_row(row: TableRow, zone: tzinfo, faults: FaultList) -> NamedMatter | None:
    moment = read_time(row, "time", zone, faults)
    code, unit_grid = row.cell("issue_code"), row.filled("unit_grid")
    if _ISSUE_CODE.fullmatch(code) is None:
        faults.add(row.place, "issue_code", code, "is no issue type: give its five digits")
    if unit_grid is not None and _UNIT_GRID.fullmatch(unit_grid) is None:
        faults.add(row.place, "unit_grid", unit_grid, "is no cell: give its 15 characters")
    point = GivenPlace.of_row(row, faults)
    if moment is None or point is None:
        return None
    return NamedMatter(row.place, Matter(code, point.lon, point.lat, moment, unit_grid))
