"""Units of the organisation, as figures need them: where they are and what they are called."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.cases.reach import EVERYWHERE
from api.database.dispatch_tables import organisation_units
from models.catalogue.file import BothNames


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit.

    Attributes:
        unit_id: Its id.
        name: What screens call it.
    """

    unit_id: str
    name: BothNames


async def root_path(connection: AsyncConnection) -> str:
    """Return the path of the unit that all others are below; that of everything if none is."""
    statement = select(organisation_units.c.path).where(organisation_units.c.parent_id.is_(None))
    paths = (await connection.execute(statement)).scalars().all()
    return paths[0] if len(paths) == 1 else EVERYWHERE


async def unit_names(connection: AsyncConnection, paths: Iterable[str]) -> dict[str, UnitName]:
    """Return units by their paths."""
    unit = organisation_units.c
    statement = select(unit.path, unit.unit_id, unit.name_zh, unit.name_en).where(
        unit.path.in_(list(paths))
    )
    return {
        row.path: UnitName(row.unit_id, BothNames(zh=row.name_zh, en=row.name_en))
        for row in await connection.execute(statement)
    }
