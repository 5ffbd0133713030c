"""``organisation.csv``: the units of a city."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from api.dispatch.csv_table import Columns, TableRow, read_csv
from api.dispatch.organisation import Organisation, OrganisationUnit, UnitKind, unit_problems
from api.dispatch.references import Placed, spreadsheet_hint
from api.dispatch.table_faults import FaultList
from models.catalogue.error import nearest
from models.catalogue.issue_catalogue import IssueCatalogue
from streams.words import IDENTIFIER_PATTERN

COLUMNS = Columns(
    required=("unit_id", "name_zh", "kind"),
    optional=("name_en", "parent_id", "division_code", "department_key"),
)
IDENTIFIER_WORDS = "needs 1 to 64 of the letters A to Z and a to z, digits, and the signs _ . -"
_IDENTIFIER = re.compile(IDENTIFIER_PATTERN)
_DIVISION = re.compile(r"[0-9]{6}([0-9]{3}){0,2}")


@dataclass(frozen=True, slots=True)
class ReadUnits:
    """What the file says.

    Attributes:
        units: The units by their ids, None where a unit's own line is wrong; None altogether if
            the file cannot be read.
        organisation: All of them, if nothing is wrong.
    """

    units: dict[str, OrganisationUnit | None] | None
    organisation: Organisation | None


def read_organisation(path: Path, catalogue: IssueCatalogue, faults: FaultList) -> ReadUnits:
    """Read and check the units.

    Args:
        path: The file.
        catalogue: Whose departments they may answer for.
        faults: Where to note what is wrong.
    """
    rows = list(read_csv(path, COLUMNS, faults))
    if not rows:
        if not faults.faults:
            faults.add("", "", None, "holds no unit; at least the root must be there")
        return ReadUnits(None, None)
    whole = not faults.faults
    read = [(row, _unit(row, catalogue, faults)) for row in rows]
    placed = [Placed(row.place, unit) for row, unit in read if unit is not None]
    named: dict[str, OrganisationUnit | None] = {row.cell("unit_id"): unit for row, unit in read}
    # Else the parents of some would be missing only because their own lines are wrong.
    if not faults.faults:
        _note_problems(placed, faults)
    if faults.faults:
        return ReadUnits(named if whole else None, None)
    return ReadUnits(named, Organisation([one.value for one in placed]))


def _note_problems(placed: Sequence[Placed[OrganisationUnit]], faults: FaultList) -> None:
    for problem in unit_problems([one.value for one in placed]):
        place = placed[problem.position].place
        faults.add(place, problem.field, problem.value, problem.message)


def _unit(row: TableRow, catalogue: IssueCatalogue, faults: FaultList) -> OrganisationUnit | None:
    before = len(faults.faults)
    check_identifier(row, "unit_id", faults)
    kind = row.cell("kind")
    kinds = [one.value for one in UnitKind]
    if kind not in kinds:
        message = f"is no kind of unit; known are {', '.join(kinds)}"
        faults.add(row.place, "kind", kind, f"{message}{nearest(kind, kinds)}")
    code = row.filled("division_code")
    if code is not None and _DIVISION.fullmatch(code) is None:
        message = f"is no division: give 6, 9 or 12 digits{spreadsheet_hint(code)}"
        faults.add(row.place, "division_code", code, message)
    key = row.filled("department_key")
    if key is not None and key not in catalogue.departments:
        message = (
            f"is no department of catalogue {catalogue.version}"
            f"{nearest(key, catalogue.departments)}; known are "
            f"{', '.join(sorted(catalogue.departments))}"
        )
        faults.add(row.place, "department_key", key, message)
    if len(faults.faults) > before:
        return None
    return OrganisationUnit(
        unit_id=row.cell("unit_id"),
        name_zh=row.cell("name_zh"),
        name_en=row.filled("name_en") or row.cell("name_zh"),
        kind=UnitKind(kind),
        parent_id=row.filled("parent_id"),
        division_code=code,
        department_key=key,
    )


def check_identifier(row: TableRow, column: str, faults: FaultList) -> None:
    """Note it if a required column holds no id."""
    if _IDENTIFIER.fullmatch(row.cell(column)) is None:
        faults.add(row.place, column, row.cell(column), IDENTIFIER_WORDS)
