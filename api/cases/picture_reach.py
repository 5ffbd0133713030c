"""Which pictures somebody sees: those of events on their ground, and of cases within reach."""

from sqlalchemy import exists, func, literal, literal_column, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from api.accounts.actor import Actor
from api.cases.reach import reach_of
from api.database.case_tables import case_pictures, cases
from api.database.tables import events
from api.grids.ground_reach import ground_reach


async def may_see_picture(connection: AsyncConnection, sha256: str, actor: Actor) -> bool:
    """Whether a picture is for somebody who belongs to a unit; for all others it is.

    One that nothing names lies nowhere: nobody of a unit sees it.
    """
    if actor.unit_id is None:
        return True
    ground = await ground_reach(connection, actor.unit_id)
    if ground.is_everywhere:
        return True
    reach = await reach_of(connection, actor)
    # Written as the index of pictures is.
    shown = func.jsonb_path_query_array(events.c.evidence, literal_column("'$[*].sha256'"))
    of_events = exists().where(
        shown.op("@>")(literal([sha256], JSONB)), ground.condition(events.c.unit_grid)
    )
    of_cases = exists().where(
        case_pictures.c.sha256 == sha256,
        case_pictures.c.case_id == cases.c.case_id,
        reach.condition(),
    )
    return bool((await connection.execute(select(or_(of_events, of_cases)))).scalar_one())
