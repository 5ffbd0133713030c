"""The projection by which a camera's events are located and measured."""

import functools

import structlog

from streams.camera import Camera
from streams.ground.ground_projection import GroundProjection, GroundProjectionError

log = structlog.get_logger(__name__)

# Cameras whose projection is kept ready; a worker watches about a hundred.
PROJECTIONS_KEPT = 256


@functools.lru_cache(maxsize=PROJECTIONS_KEPT)
def camera_projection(camera: Camera) -> GroundProjection:
    """A camera's projection; surveyed points that fix none are reported and passed over."""
    try:
        return GroundProjection(camera)
    except GroundProjectionError as error:
        log.error(  # noqa: TRY400 - the text says it all
            "surveyed_points_not_used", camera_id=camera.camera_id, reason=str(error)
        )
        return GroundProjection(camera.model_copy(update={"ground_points": ()}))
