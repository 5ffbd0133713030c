"""The dispatch tables in the database: replaced as a whole, read when they changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database.copied_rows import copy_rows
from api.database.database import Database
from api.database.dispatch_tables import (
    components,
    components_by_place,
    duty_roster,
    organisation_units,
    responsibilities,
)
from api.database.tables import grids
from api.dispatch.component import Component
from api.dispatch.component_finder import ComponentFinder
from api.dispatch.dispatcher import Dispatcher, DispatchRules
from api.dispatch.duty_hours import DutyHours
from api.dispatch.duty_roster import DutyRoster, Shift
from api.dispatch.organisation import Organisation, OrganisationUnit, UnitKind
from api.dispatch.responsibility import Responsibility, ResponsibilityTable
from api.dispatch.settings import DispatchSettings
from api.grids.grid import Grid
from api.grids.grid_store import GridStore
from models.catalogue.issue_catalogue import IssueCatalogue
from streams.kit.errors import CityPatrolError

# Number of PostgreSQL's advisory lock that lets one import in at a time; see api.database.
_IMPORT_LOCK = 4_701_015
# As many names are enough to see what is wrong.
_NAMES_TOLD = 5


class OrphanedComponentsError(CityPatrolError):
    """Components that stay name units that the new organisation does not have."""


@dataclass(frozen=True, slots=True)
class DispatchTables:
    """What an import brings; None leaves what is in the database.

    All of it was checked, each against the others, by ``table_files``.

    Attributes:
        organisation: The units.
        responsibilities: Who handles what.
        shifts: The duty roster.
        grids: The cells.
        components: Registered components.
    """

    organisation: Organisation
    responsibilities: Sequence[Responsibility] | None = None
    shifts: Sequence[Shift] | None = None
    grids: Sequence[Grid] | None = None
    components: Sequence[Component] | None = None


@dataclass(frozen=True, slots=True)
class StoredRows:
    """What is in the database, for an import that leaves some of it to be checked against.

    Attributes:
        responsibilities: Who handles what.
        shifts: The duty roster.
        unit_grids: Codes of the cells.
    """

    responsibilities: tuple[Responsibility, ...] = ()
    shifts: tuple[Shift, ...] = ()
    unit_grids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Changes:
    """Highest change number of each table that is held in memory."""

    units: int | None = None
    responsibilities: int | None = None
    shifts: int | None = None


class DispatchStore:
    """Replaces the tables, and makes dispatchers of them.

    Args:
        database: Where they are.
        cells: The management cells.
        catalogue: The issue types.
        settings: How matters find their department.
    """

    def __init__(
        self,
        database: Database,
        cells: GridStore,
        catalogue: IssueCatalogue,
        settings: DispatchSettings,
    ) -> None:
        self._database = database
        self._cells = cells
        self._catalogue = catalogue
        self._settings = settings
        self._changes = _Changes()
        self._rules = _rules((), (), (), settings)

    async def stored(self) -> StoredRows:
        """Return what is in the database now."""
        async with self._database.reading() as connection:
            codes = await connection.execute(select(grids.c.unit_grid))
            return StoredRows(
                responsibilities=await _read_responsibilities(connection),
                shifts=await _read_shifts(connection),
                unit_grids=tuple(codes.scalars()),
            )

    async def replace(self, tables: DispatchTables) -> None:
        """Make these the tables, all or none; imports take turns.

        Whoever looks for a component meanwhile waits for the end, some seconds for a million.

        Raises:
            OrphanedComponentsError: Components that stay name units that go.
        """
        async with self._database.writing() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_IMPORT_LOCK})"))
            await _replace(connection, organisation_units, _unit_rows(tables.organisation))
            if tables.responsibilities is not None:
                rows = map(_responsibility_row, tables.responsibilities)
                await _replace(connection, responsibilities, rows)
            if tables.shifts is not None:
                await _replace(connection, duty_roster, map(_shift_row, tables.shifts))
            if tables.grids is not None:
                await self._cells.replace_within(connection, tables.grids)
            if tables.components is None:
                await _refuse_orphans(connection)
            else:
                await _replace_components(connection, tables.components)

    async def organisation(self, connection: AsyncConnection) -> Organisation | None:
        """Return the units as ``connection`` sees them; None before the first import."""
        await self._refresh(connection)
        return self._rules.organisation

    async def dispatcher(self, connection: AsyncConnection) -> Dispatcher:
        """Return a dispatcher for the tables as ``connection`` sees them; it asks there, too."""
        await self._refresh(connection)
        finder = ComponentFinder(connection, self._settings.component_radius_m)
        cells = await self._cells.index(connection)
        return Dispatcher(self._catalogue, self._rules, cells, finder)

    async def _refresh(self, connection: AsyncConnection) -> None:
        if await _present_changes(connection) != self._changes:
            # Else an import that ends between two of these leaves half of the old tables.
            await connection.execute(text(f"SELECT pg_advisory_xact_lock_shared({_IMPORT_LOCK})"))
            changes = await _present_changes(connection)
            self._rules = _rules(
                await _read_units(connection),
                await _read_responsibilities(connection),
                await _read_shifts(connection),
                self._settings,
            )
            self._changes = changes


def _rules(
    units: Sequence[OrganisationUnit],
    rows: Sequence[Responsibility],
    shifts: Sequence[Shift],
    settings: DispatchSettings,
) -> DispatchRules:
    return DispatchRules(
        organisation=Organisation(units) if units else None,
        responsibilities=ResponsibilityTable(rows, settings.zone),
        roster=DutyRoster(shifts),
    )


async def _present_changes(connection: AsyncConnection) -> _Changes:
    tables = (organisation_units, responsibilities, duty_roster)
    newest = [select(func.max(table.c.change)).scalar_subquery() for table in tables]
    return _Changes(*(await connection.execute(select(*newest))).one())


async def _replace(
    connection: AsyncConnection, table: Table, rows: Iterable[Sequence[object]]
) -> None:
    given = [column.name for column in table.columns if not _is_given_by_database(column)]
    await connection.execute(table.delete())
    await copy_rows(connection, table, given, rows)


def _is_given_by_database(column: Any) -> bool:  # noqa: ANN401 - any type's column
    return column.server_default is not None


async def _replace_components(connection: AsyncConnection, several: Sequence[Component]) -> None:
    # An index is made of a million rows at once much sooner than one by one.
    await connection.execute(text(f"TRUNCATE {components.name}"))
    await connection.run_sync(components_by_place.drop)
    names = [column.name for column in components.columns]
    await copy_rows(connection, components, names, map(_component_row, several))
    await connection.run_sync(components_by_place.create)
    await connection.execute(text(f"ANALYZE {components.name}"))


async def _refuse_orphans(connection: AsyncConnection) -> None:
    owner = components.c.unit_id
    units = select(organisation_units.c.unit_id)
    orphans = select(owner).where(owner.is_not(None), owner.not_in(units)).distinct()
    found = (await connection.execute(orphans.order_by(owner).limit(_NAMES_TOLD))).scalars().all()
    if found:
        raise OrphanedComponentsError(
            f"components that are stored are kept by {', '.join(map(repr, found))}, which "
            "organisation.csv does not have; add the unit, or import components.csv as well"
        )


def _unit_rows(organisation: Organisation) -> Iterable[Sequence[object]]:
    for unit in organisation.units:
        yield (
            unit.unit_id,
            unit.name_zh,
            unit.name_en,
            unit.kind.value,
            unit.parent_id,
            organisation.path_of(unit.unit_id),
            unit.division_code,
            unit.department_key,
        )


def _responsibility_row(row: Responsibility) -> Sequence[object]:
    hours = None if row.hours is None else str(row.hours)
    return (row.issue_pattern, row.grid_prefix, row.component_type, hours, row.unit_id)


def _shift_row(shift: Shift) -> Sequence[object]:
    return (shift.unit_id, shift.person, shift.starts_at, shift.ends_at)


def _component_row(one: Component) -> Sequence[object]:
    return (one.component_id, one.type_code, one.lon, one.lat, one.unit_id)


async def _read_units(connection: AsyncConnection) -> tuple[OrganisationUnit, ...]:
    rows = await connection.execute(select(organisation_units).order_by("path"))
    return tuple(_unit(row) for row in rows)


async def _read_responsibilities(connection: AsyncConnection) -> tuple[Responsibility, ...]:
    rows = await connection.execute(
        select(responsibilities).order_by(responsibilities.c.responsibility_id)
    )
    return tuple(_responsibility(row) for row in rows)


async def _read_shifts(connection: AsyncConnection) -> tuple[Shift, ...]:
    rows = await connection.execute(select(duty_roster).order_by(duty_roster.c.shift_id))
    return tuple(Shift(row.unit_id, row.person, row.starts_at, row.ends_at) for row in rows)


def _unit(row: Row[Any]) -> OrganisationUnit:
    return OrganisationUnit(
        unit_id=row.unit_id,
        name_zh=row.name_zh,
        name_en=row.name_en,
        kind=UnitKind(row.kind),
        parent_id=row.parent_id,
        division_code=row.division_code,
        department_key=row.department_key,
    )


def _responsibility(row: Row[Any]) -> Responsibility:
    return Responsibility(
        issue_pattern=row.issue_pattern,
        unit_id=row.unit_id,
        grid_prefix=row.grid_prefix,
        component_type=row.component_type,
        hours=None if row.hours is None else DutyHours.parse(row.hours),
    )
