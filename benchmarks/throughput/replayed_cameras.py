"""Many RTSP cameras out of few clips."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from demo.city_demo import prepared_parts
from demo.demo_cameras import demo_camera
from streams.camera import Camera
from streams.replay.replay_server import ReplayServer


@dataclass(frozen=True, slots=True)
class ReplayedCameras:
    """Cameras and the running server that feeds them."""

    cameras: list[Camera]
    server: ReplayServer


@contextmanager
def replayed_cameras(count: int) -> Iterator[ReplayedCameras]:
    """Serve ``count`` cameras, taking the demo's cameras in turn, each with a stream of its own."""
    with prepared_parts([]) as future:
        parts = future.result()
    chosen = {
        f"{parts[i % len(parts)].camera_id}-{i:04d}": parts[i % len(parts)] for i in range(count)
    }
    with ReplayServer({camera_id: part.path for camera_id, part in chosen.items()}) as server:
        cameras = [
            demo_camera(part.camera_id, server.url(camera_id)).model_copy(
                update={"camera_id": camera_id}
            )
            for camera_id, part in chosen.items()
        ]
        yield ReplayedCameras(cameras, server)
