"""On which ground whoever sends a request sees events and cameras."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends

from api.grids.ground_reach import EVERYWHERE, GroundReach, ground_reach
from api.http.problems import not_found
from api.routes.access import KnownActor, Shared
from api.services import Services
from streams.camera import Camera


async def ground_of(services: Shared, actor: KnownActor) -> GroundReach:
    """Return the ground of whoever sends the request; everywhere for keys and the whole city."""
    if actor.unit_id is None:
        return EVERYWHERE
    async with services.database.reading() as connection:
        return await ground_reach(connection, actor.unit_id)


Reached = Annotated[GroundReach, Depends(ground_of)]
"""The ground of whoever sends the request."""


async def check_camera(services: Services, reach: GroundReach, camera_id: str) -> None:
    """See to it that a camera is there and for whoever asks.

    Raises:
        ProblemError: 404, there is none for them.
    """
    if reach.is_everywhere:
        return
    row = await services.cameras.row(camera_id)
    if row is None or not reach.covers(row["unit_grid"]):
        raise not_found("camera_id", camera_id)


async def placed_outside(
    services: Services, reach: GroundReach, several: Sequence[Camera]
) -> frozenset[str]:
    """Return the ids of those cameras that are, or would be, on others' ground."""
    if reach.is_everywhere or not several:
        return frozenset()
    known = await services.cameras.cells([camera.camera_id for camera in several])
    async with services.database.reading() as connection:
        index = await services.grids.index(connection)
    cells = index.unit_grids([(camera.lon, camera.lat) for camera in several])
    return frozenset(
        camera.camera_id
        for camera, cell in zip(several, cells, strict=True)
        if not (reach.covers(cell) and reach.covers(known.get(camera.camera_id, cell)))
    )
