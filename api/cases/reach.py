"""Which cases somebody sees and touches: those at or below their unit of the organisation."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from api.accounts.actor import Actor, ActorKind
from api.accounts.role import KeyScope, Role
from api.cases.case import Case
from api.database.case_tables import cases
from api.database.dispatch_tables import organisation_units

EVERYWHERE = "/"
# No path of a unit begins like this: of a unit that is gone nothing can be seen.
NOWHERE = "//"


@dataclass(frozen=True, slots=True)
class Reach:
    """What somebody may see.

    Attributes:
        path: Path of their unit: cases of its ground, and those its departments handle.
        handler: Their login if they only handle: cases given to them.
        reporter: Their name if they only report: cases that they reported.
    """

    path: str = EVERYWHERE
    handler: str | None = None
    reporter: str | None = None

    def covers(self, case: Case) -> bool:
        """Whether a case lies within it."""
        if self.handler is not None and case.handler != self.handler:
            return False
        if self.reporter is not None and case.reported_by != self.reporter:
            return False
        paths = (case.area_path, case.department_path or "")
        return self.path == EVERYWHERE or any(path.startswith(self.path) for path in paths)

    def is_above(self, path: str | None) -> bool:
        """Whether a unit's path lies within it."""
        return path is not None and path.startswith(self.path)

    def condition(self) -> ColumnElement[bool]:
        """Return the SQL condition for rows of ``cases``."""
        own = and_(
            true() if self.handler is None else cases.c.handler == self.handler,
            true() if self.reporter is None else cases.c.reported_by == self.reporter,
        )
        if self.path == EVERYWHERE:
            return own
        below = or_(
            cases.c.area_path.startswith(self.path, autoescape=True),
            cases.c.department_path.startswith(self.path, autoescape=True),
        )
        return and_(own, below)


async def reach_of(connection: AsyncConnection, actor: Actor) -> Reach:
    """Return what an actor may see."""
    is_handler = actor.kind is ActorKind.USER and actor.roles <= {Role.HANDLER}
    handler = actor.name if is_handler else None
    is_channel = actor.kind is ActorKind.KEY and actor.scopes <= {KeyScope.INTAKE}
    reporter = actor.name if is_channel else None
    if actor.unit_id is None:
        return Reach(EVERYWHERE, handler, reporter)
    path = await unit_path(connection, actor.unit_id) or NOWHERE
    return Reach(path, handler, reporter)


async def unit_path(connection: AsyncConnection, unit_id: str) -> str | None:
    """Return where a unit is in the organisation, or None if it is not there."""
    statement = select(organisation_units.c.path).where(organisation_units.c.unit_id == unit_id)
    return (await connection.execute(statement)).scalar_one_or_none()
