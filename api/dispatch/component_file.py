"""``components.csv`` or ``components.geojson``: the registered components of a city."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from sys import intern

from api.dispatch.component import TYPE_PATTERN, Component, is_component_id, type_in
from api.dispatch.csv_table import Columns, TableRow, read_csv
from api.dispatch.geojson_features import PointFeature, read_points
from api.dispatch.given_place import GivenPlace
from api.dispatch.references import References, spreadsheet_hint
from api.dispatch.table_faults import FaultList

COLUMNS = Columns(required=("component_id", "lon", "lat"), optional=("type_code", "unit_id"))


@dataclass(frozen=True, slots=True)
class _Entry:
    """A component as the file says it, its place checked and nothing else."""

    where: str
    component_id: str
    point: GivenPlace
    type_code: str | None
    unit_id: str | None


def read_components(path: Path, references: References, faults: FaultList) -> list[Component]:
    """Read and check the components; a million of them take about 400 MB of memory.

    Args:
        path: The file; what does not end in .csv is read as GeoJSON.
        references: What units there are.
        faults: Where to note what is wrong.
    """
    if path.suffix.lower() == ".csv":
        rows = (_of_row(row, faults) for row in read_csv(path, COLUMNS, faults))
    else:
        rows = (_of_feature(feature, faults) for feature in read_points(path, faults))
    return list(_checked((row for row in rows if row is not None), references, faults))


def _checked(
    entries: Iterator[_Entry], references: References, faults: FaultList
) -> Iterator[Component]:
    # Hundreds of thousands name the same few units.
    unit_faults: dict[str, str | None] = {}
    seen: set[str] = set()
    for entry in entries:
        before = len(faults.faults)
        if entry.component_id in seen:
            message = "is there twice; each component has an id of its own"
            faults.add(entry.where, "component_id", entry.component_id, message)
        seen.add(entry.component_id)
        kind = _kind(entry, faults)
        owner = None if entry.unit_id is None else intern(entry.unit_id)
        if owner is not None:
            if owner not in unit_faults:
                unit_faults[owner] = references.unit_fault(owner)
            fault = unit_faults[owner]
            if fault is not None:
                faults.add(entry.where, "unit_id", owner, fault)
        if kind is not None and len(faults.faults) == before:
            yield Component(
                entry.component_id, intern(kind), entry.point.lon, entry.point.lat, owner
            )


def _kind(entry: _Entry, faults: FaultList) -> str | None:
    if not is_component_id(entry.component_id):
        hint = spreadsheet_hint(entry.component_id)
        message = f"is no component's id: give its 17 digits, or 16 of the older numbering{hint}"
        faults.add(entry.where, "component_id", entry.component_id, message)
        return None
    told, given = type_in(entry.component_id), entry.type_code
    if given is not None and TYPE_PATTERN.fullmatch(given) is None:
        message = "is no kind of component: give its five digits, two of them its major class"
        faults.add(entry.where, "type_code", given, message)
        return None
    if told is not None and given is not None and told != given:
        message = f"is not what the id says, {told!r}; leave it empty or correct the id"
        faults.add(entry.where, "type_code", given, message)
        return None
    if told is None and given is None:
        message = f"is empty, and the 16 digits of {entry.component_id} tell none; fill it in"
        faults.add(entry.where, "type_code", None, message)
    return given or told


def _of_row(row: TableRow, faults: FaultList) -> _Entry | None:
    point = GivenPlace.of_row(row, faults)
    if point is None:
        return None
    return _Entry(
        where=row.place,
        component_id=row.cell("component_id"),
        point=point,
        type_code=row.filled("type_code"),
        unit_id=row.filled("unit_id"),
    )


def _of_feature(feature: PointFeature, faults: FaultList) -> _Entry | None:
    texts: dict[str, str | None] = {}
    for name in ("component_id", "type_code", "unit_id"):
        value = feature.properties.get(name)
        if value is not None and not isinstance(value, str):
            message = "is no text; put it in quotes, for numbers lose digits"
            faults.add(feature.where, name, str(value), message)
            return None
        texts[name] = value or None
    component_id = texts["component_id"] or feature.feature_id
    if component_id is None:
        faults.add(feature.where, "component_id", None, "is missing from the properties")
        return None
    return _Entry(
        where=feature.where,
        component_id=component_id,
        point=feature.point,
        type_code=texts["type_code"],
        unit_id=texts["unit_id"],
    )
