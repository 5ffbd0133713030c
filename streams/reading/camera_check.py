"""Opens cameras once and says in one line each what is wrong with them."""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from streams.camera import Camera
from streams.kit.allowed_networks import AllowedNetworks
from streams.kit.stage_costs import StageCosts
from streams.reading.drop_cause import DropCounts
from streams.reading.due_pictures import DuePictures
from streams.reading.rtsp_stream import RtspStream
from streams.reading.settings import StreamSettings
from streams.reading.stream_fault import StreamError, StreamFault


@dataclass(frozen=True, slots=True)
class CameraCheck:
    """What opening a camera once has shown.

    Attributes:
        camera_id: Which camera.
        fault: What is wrong with it, or None.
        line: The same for people, in one line without secrets.
    """

    camera_id: str
    fault: StreamFault | None
    line: str

    @property
    def ok(self) -> bool:
        """Whether the camera gave a picture."""
        return self.fault is None


def check_camera(
    camera: Camera,
    settings: StreamSettings | None = None,
    networks: AllowedNetworks | None = None,
) -> CameraCheck:
    """Open a camera, wait for its first picture, and leave it.

    Blocks for at most twice the open time-out, plus the read and the picture time-outs.

    Args:
        camera: Which camera, enabled or not.
        settings: Time-outs and sampling; from the environment when None.
        networks: Where it may be; None is anywhere.
    """
    settings = settings if settings is not None else StreamSettings()
    try:
        return CameraCheck(camera.camera_id, None, _first_picture(camera, settings, networks))
    except StreamError as error:
        return CameraCheck(camera.camera_id, error.fault, str(error))


def check_cameras(
    cameras: Iterable[Camera],
    settings: StreamSettings | None = None,
    networks: AllowedNetworks | None = None,
) -> Iterator[CameraCheck]:
    """Check many cameras side by side, yielding each as soon as it is known.

    Args:
        cameras: Which cameras, enabled or not.
        settings: Time-outs, and how many cameras are open at the same time.
        networks: Where they may be; None is anywhere.
    """
    settings = settings if settings is not None else StreamSettings()
    pool = ThreadPoolExecutor(settings.parallel_checks, thread_name_prefix="camera check")
    try:
        checks = [pool.submit(check_camera, camera, settings, networks) for camera in cameras]
        for check in as_completed(checks):
            yield check.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _first_picture(
    camera: Camera, settings: StreamSettings, networks: AllowedNetworks | None
) -> str:
    started = time.monotonic()
    with RtspStream(camera, settings, networks) as stream:
        pictures = DuePictures(camera, stream.video, settings, DropCounts(), StageCosts())
        for packet in stream.packets():
            picture = pictures.offer(packet)
            if picture is not None:
                height, width, _ = picture.shape
                return (
                    f"camera {camera.camera_id!r} at {camera.redacted_url} is fine: "
                    f"{stream.video.codec_context.name} {width}x{height}, "
                    f"first picture after {time.monotonic() - started:.1f} s"
                )
    raise StreamError(StreamFault.NO_PICTURE, camera)
