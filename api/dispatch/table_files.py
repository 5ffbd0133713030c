"""A folder of tables that a city gives: read as a whole, each file checked against the others."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from api.dispatch.component import Component
from api.dispatch.component_file import read_components
from api.dispatch.dispatch_store import DispatchTables, StoredRows
from api.dispatch.duty_roster import DutyRoster, Shift
from api.dispatch.grid_file import read_grids
from api.dispatch.organisation_file import ReadUnits, read_organisation
from api.dispatch.references import IN_DATABASE, Placed, References
from api.dispatch.responsibility import Responsibility
from api.dispatch.responsibility_file import check_responsibilities, read_responsibilities
from api.dispatch.roster_file import check_shifts, read_roster
from api.dispatch.settings import DispatchSettings
from api.dispatch.table_faults import FaultList, TableFault, TableFaultsError
from api.grids.grid import Grid
from models.catalogue.issue_catalogue import IssueCatalogue

ORGANISATION = "organisation.csv"
RESPONSIBILITIES = "responsibilities.csv"
ROSTER = "roster.csv"
GRIDS = "grids.geojson"
COMPONENT_FILES = ("components.csv", "components.geojson")
KNOWN_FILES = frozenset({ORGANISATION, RESPONSIBILITIES, ROSTER, GRIDS, *COMPONENT_FILES})
_TABLE_ENDINGS = frozenset({".csv", ".geojson", ".json", ".xlsx", ".xls"})

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class ReadTables:
    """What a folder brings.

    Attributes:
        tables: What its files say.
        warnings: What can be imported, but may not be meant so.
    """

    tables: DispatchTables
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Faults:
    """What is wrong with all files together."""

    several: list[FaultList] = field(default_factory=list)

    def of(self, file: str) -> FaultList:
        """The list for one more file."""
        self.several.append(FaultList(file))
        return self.several[-1]

    @property
    def all(self) -> list[TableFault]:
        """Every fault, file by file."""
        return [fault for one in self.several for fault in one.faults]


@dataclass(frozen=True, slots=True)
class _ReadCells:
    """The cells of a file, or None; and the codes of those that will be there, if that is known."""

    cells: list[Grid] | None
    codes: list[str] | None


class TableFolder:
    """Reads the tables in a folder.

    A file that is not there leaves its table as it is in the database, but is checked all the
    same: what stays must not name a unit or cell that goes. Only ``organisation.csv`` must be
    there.

    Args:
        folder: Where they are.
        catalogue: The issue types that they may name.
        settings: Says where times are meant.
        grids: The cells' file, where it is not ``grids.geojson`` of the folder.
    """

    def __init__(
        self,
        folder: Path,
        catalogue: IssueCatalogue,
        settings: DispatchSettings,
        grids: Path | None = None,
    ) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._zone = settings.zone
        self._grids = grids or self._if_there(GRIDS)

    def read(self, stored: StoredRows) -> ReadTables:
        """Read all of it.

        Args:
            stored: What is in the database.

        Raises:
            TableFaultsError: Something is wrong; every fault of every file is named.
        """
        faults = _Faults()
        units = self._read_units(faults)
        cells = self._read_cells(stored, faults)
        references = References(self._catalogue, units.units, cells.codes)
        rows = self._read_responsibilities(stored, references, faults)
        shifts = self._read_roster(stored, references, faults)
        components = self._read_components(references, faults)
        if faults.all or units.organisation is None:
            raise TableFaultsError(f"the tables in {str(self._folder)!r}", faults.all)
        tables = DispatchTables(
            organisation=units.organisation,
            responsibilities=rows,
            shifts=shifts,
            grids=cells.cells,
            components=components,
        )
        return ReadTables(tables, (*self._strange_files(), *_gap_warnings(shifts)))

    def _if_there(self, name: str) -> Path | None:
        path = self._folder / name
        return path if path.exists() else None

    def _read_units(self, faults: _Faults) -> ReadUnits:
        path = self._if_there(ORGANISATION)
        if path is None:
            message = f"is missing from {str(self._folder)!r}; every import needs it"
            faults.of(ORGANISATION).add("", "", None, message)
            return ReadUnits(None, None)
        return read_organisation(path, self._catalogue, faults.of(ORGANISATION))

    def _read_cells(self, stored: StoredRows, faults: _Faults) -> _ReadCells:
        if self._grids is None:
            return _ReadCells(None, sorted(stored.unit_grids))
        noted = faults.of(self._grids.name)
        cells = read_grids(self._grids, noted)
        codes = sorted(cell.properties.unit_grid for cell in cells)
        return _ReadCells(cells, None if noted.faults else codes)

    def _read_responsibilities(
        self, stored: StoredRows, references: References, faults: _Faults
    ) -> list[Responsibility] | None:
        path = self._if_there(RESPONSIBILITIES)
        noted = faults.of(RESPONSIBILITIES)
        if path is None:
            check_responsibilities(_kept(stored.responsibilities), references, noted)
            return None
        rows = read_responsibilities(path, noted)
        check_responsibilities(rows, references, noted)
        return [row.value for row in rows]

    def _read_roster(
        self, stored: StoredRows, references: References, faults: _Faults
    ) -> list[Shift] | None:
        path = self._if_there(ROSTER)
        noted = faults.of(ROSTER)
        if path is None:
            check_shifts(_kept(stored.shifts), references, noted)
            return None
        shifts = read_roster(path, self._zone, noted)
        check_shifts(shifts, references, noted)
        return [shift.value for shift in shifts]

    def _read_components(self, references: References, faults: _Faults) -> list[Component] | None:
        paths = [path for name in COMPONENT_FILES if (path := self._if_there(name)) is not None]
        if not paths:
            return None
        noted = faults.of(paths[0].name)
        if len(paths) > 1:
            noted.add("", "", None, f"and {paths[1].name} are both there; leave one of them")
            return None
        return read_components(paths[0], references, noted)

    def _strange_files(self) -> list[str]:
        return [
            f"{path.name} was not read; the tables are {', '.join(sorted(KNOWN_FILES))}"
            for path in sorted(self._folder.iterdir())
            if path.suffix.lower() in _TABLE_ENDINGS and path.name not in KNOWN_FILES
        ]


def _kept(rows: tuple[Value, ...]) -> list[Placed[Value]]:
    return [Placed(IN_DATABASE, row) for row in rows]


def _gap_warnings(shifts: list[Shift] | None) -> list[str]:
    if shifts is None:
        return []
    return [f"{ROSTER}: {gap}" for gap in DutyRoster(shifts).gaps()]
