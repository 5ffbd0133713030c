"""``grids.geojson``: the management cells."""

from pathlib import Path

from pydantic import ValidationError

from api.dispatch.geojson_features import read_collection
from api.dispatch.table_faults import FaultList
from api.grids.grid import Grid


def read_grids(path: Path, faults: FaultList) -> list[Grid]:
    """Read and check the cells.

    Args:
        path: The file.
        faults: Where to note what is wrong.
    """
    cells: list[Grid] = []
    places: dict[str, str] = {}
    for number, feature in enumerate(read_collection(path, faults), start=1):
        place = f"feature {number}"
        try:
            cell = Grid.model_validate(feature)
        except ValidationError as error:
            faults.add_problems(place, error)
            continue
        code = cell.properties.unit_grid
        if code in places:
            message = f"is that of {places[code]}, too; each cell has a code of its own"
            faults.add(place, "properties.unit_grid", code, message)
        places.setdefault(code, place)
        cells.append(cell)
    return cells
