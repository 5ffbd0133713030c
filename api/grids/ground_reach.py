"""Which ground somebody sees: the cells at or below their unit of the organisation."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database.dispatch_tables import organisation_units


@dataclass(frozen=True, slots=True)
class GroundPart:
    """Cells whose codes start alike.

    Attributes:
        prefix: How they start: the code of an area.
        exceptions: Longer starts within it, of areas that belong to others.
    """

    prefix: str
    exceptions: tuple[str, ...] = ()

    def covers(self, unit_grid: str) -> bool:
        """Whether a cell is of it."""
        return unit_grid.startswith(self.prefix) and not unit_grid.startswith(self.exceptions)

    def condition(self, unit_grid: ColumnElement[str | None]) -> ColumnElement[bool]:
        """Return the SQL condition for a column of cells' codes."""
        others = [~unit_grid.startswith(one, autoescape=True) for one in self.exceptions]
        return and_(unit_grid.startswith(self.prefix, autoescape=True), *others)


@dataclass(frozen=True, slots=True)
class GroundReach:
    """The ground that somebody sees.

    Attributes:
        parts: What it is made of, which may be nothing; None is all there is, what lies in no
            cell too.
    """

    parts: tuple[GroundPart, ...] | None = None

    @property
    def is_everywhere(self) -> bool:
        """Whether nothing is hidden."""
        return self.parts is None

    def covers(self, unit_grid: str | None) -> bool:
        """Whether what lies in a cell, or in none, lies within it."""
        if self.parts is None:
            return True
        return unit_grid is not None and any(part.covers(unit_grid) for part in self.parts)

    def condition(self, unit_grid: ColumnElement[str | None]) -> ColumnElement[bool]:
        """Return the SQL condition for a column of cells' codes."""
        if self.parts is None:
            return true()
        return or_(false(), *(part.condition(unit_grid) for part in self.parts))


EVERYWHERE = GroundReach()
NOWHERE = GroundReach(())


async def ground_reach(connection: AsyncConnection, unit_id: str | None) -> GroundReach:
    """Return the ground of a unit and of all below it; everywhere without a unit.

    The root has all, also what lies in no cell. A department has no ground, and a unit that is
    gone has none.
    """
    if unit_id is None:
        return EVERYWHERE
    columns = organisation_units.c
    own = select(columns.path, columns.parent_id).where(columns.unit_id == unit_id)
    unit = (await connection.execute(own)).one_or_none()
    if unit is None:
        return NOWHERE
    if unit.parent_id is None:
        return EVERYWHERE
    with_ground = select(columns.path, columns.division_code).where(
        columns.division_code.is_not(None)
    )
    areas = (await connection.execute(with_ground)).all()
    ours = [area.division_code for area in areas if area.path.startswith(unit.path)]
    others = [area.division_code for area in areas if not area.path.startswith(unit.path)]
    return GroundReach(_parts(ours, others))


def _parts(ours: Sequence[str], others: Sequence[str]) -> tuple[GroundPart, ...]:
    """A cell is of the area whose code matches it longest: so are the exceptions."""
    parts: list[GroundPart] = []
    for prefix in sorted(ours):
        is_within = any(prefix.startswith(one.prefix) and not one.exceptions for one in parts)
        if not is_within:
            inner = sorted(one for one in others if one.startswith(prefix))
            parts.append(GroundPart(prefix, tuple(inner)))
    return tuple(parts)
