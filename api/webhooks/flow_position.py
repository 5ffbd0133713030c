"""Up to which record of cases messages were made, and up to which they can be made now.

Numbers of records are given out when they are written and become visible when their transaction
commits, which may be in another order: who reads on from the highest number that they saw loses
those that commit later with a lower one. So a reader first takes a mark: the highest number that
is visible, and then the number of a transaction of its own. Whichever transaction holds a lower
record has written before, so it has a lower transaction number than that. Once no transaction
below it runs, which a snapshot says (``pg_snapshot_xmin``), all records up to the mark are
visible or will never be, and can be read in their order. A transaction that runs for long delays
messages; none is lost, whatever a clock says, and no table needs a column for it.
"""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Text, cast, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database.case_tables import case_flow, intake_positions

READER = "webhooks"


@dataclass(frozen=True, slots=True)
class FlowMark:
    """Up to where the records may be read once its moment is over.

    Attributes:
        flow_id: The newest record that was visible.
        transaction: Number of a transaction that began after all that hold earlier ones.
    """

    flow_id: int
    transaction: int


async def take_mark(connection: AsyncConnection, position: int) -> FlowMark | None:
    """Return a mark at the newest record; None if there is none beyond a position.

    Its transaction is the connection's, and must end before the mark can be settled.
    """
    newest = select(func.max(case_flow.c.flow_id))
    flow_id = (await connection.execute(newest)).scalar_one() or 0
    if flow_id <= position:
        return None
    # A statement of its own, after the one above.
    own = select(cast(cast(func.pg_current_xact_id(), Text), BigInteger))
    return FlowMark(flow_id, (await connection.execute(own)).scalar_one())


async def is_settled(connection: AsyncConnection, mark: FlowMark) -> bool:
    """Whether all records up to a mark that will ever be there are visible."""
    oldest = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger)
    running: int = (await connection.execute(select(oldest))).scalar_one()
    return running >= mark.transaction


async def position_of(connection: AsyncConnection) -> int | None:
    """Return the last record of which messages were made; None before the first webhook."""
    statement = select(intake_positions.c.change).where(intake_positions.c.reader == READER)
    return (await connection.execute(statement)).scalar_one_or_none()


async def begin_at(connection: AsyncConnection, flow_id: int) -> None:
    """Let reading begin after a record, unless it has begun."""
    statement = insert(intake_positions).values(reader=READER, change=flow_id)
    await connection.execute(statement.on_conflict_do_nothing())


async def move_to(connection: AsyncConnection, flow_id: int) -> None:
    """Keep that messages were made up to a record."""
    statement = intake_positions.update().where(intake_positions.c.reader == READER)
    await connection.execute(statement.values(change=flow_id))
