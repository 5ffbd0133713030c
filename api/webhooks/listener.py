"""Who wants to hear of which step of a case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database.dispatch_tables import organisation_units
from api.database.webhook_tables import webhooks


@dataclass(frozen=True, slots=True)
class Listener:
    """A webhook, as far as it matters for what it hears of.

    Attributes:
        webhook_id: Its id.
        path: Path of its unit; None hears of all cases.
        kinds: What it wants to hear of; none is everything.
        after_flow_id: It hears of what was recorded after this.
    """

    webhook_id: str
    path: str | None
    kinds: frozenset[str]
    after_flow_id: int

    def wants(self, flow_id: int, kind: str, department_path: str | None) -> bool:
        """Whether it hears of a step.

        Args:
            flow_id: Number of its record.
            kind: What was done.
            department_path: Path of the department that had the case then.
        """
        if flow_id <= self.after_flow_id or (self.kinds and kind not in self.kinds):
            return False
        if self.path is None:
            return True
        return department_path is not None and department_path.startswith(self.path)


async def read_listeners(connection: AsyncConnection) -> Sequence[Listener]:
    """Return the enabled webhooks, which nobody can delete until the transaction ends.

    One whose unit the organisation no longer has hears of nothing.
    """
    statement = (
        select(webhooks)
        .where(webhooks.c.enabled)
        .order_by(webhooks.c.webhook_id)
        .with_for_update(read=True, key_share=True)
    )
    rows = (await connection.execute(statement)).all()
    paths = await unit_paths(connection, (row.unit_id for row in rows if row.unit_id))
    return [
        Listener(
            row.webhook_id,
            None if row.unit_id is None else paths[row.unit_id],
            frozenset(row.kinds),
            row.after_flow_id,
        )
        for row in rows
        if row.unit_id is None or row.unit_id in paths
    ]


async def unit_paths(connection: AsyncConnection, unit_ids: Iterable[str]) -> dict[str, str]:
    """Return where units are in the organisation; those it does not have are left out."""
    wanted = sorted(set(unit_ids))
    if not wanted:
        return {}
    units = organisation_units.c
    statement = select(units.unit_id, units.path).where(units.unit_id.in_(wanted))
    return {row.unit_id: row.path for row in await connection.execute(statement)}
