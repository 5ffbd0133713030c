"""Cameras for tests."""

from typing import Any

from streams.camera import Camera
from streams.reading.settings import StreamSettings


def made_camera(camera_id: str, url: str, **fields: Any) -> Camera:
    """A camera of which only its stream matters; it wants every picture it can get."""
    fields.setdefault("look_interval_seconds", 0.05)
    return Camera(
        camera_id=camera_id, name=camera_id, stream_url=url, lon=106.5, lat=29.5, **fields
    )


QUICK = StreamSettings(
    open_timeout_seconds=5.0,
    read_timeout_seconds=5.0,
    backoff_initial_seconds=0.05,
    backoff_maximum_seconds=0.2,
)
"""Settings for a loopback: failures are tried again at once."""

IMPATIENT = QUICK.model_copy(
    update={
        "open_timeout_seconds": 0.5,
        "read_timeout_seconds": 0.5,
        "picture_timeout_seconds": 1.0,
    }
)
"""Settings for servers that are expected to keep us waiting."""
