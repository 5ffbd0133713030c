"""All readers of a worker: which cameras are read, and how each is doing."""

import threading
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Self

import structlog

from streams.camera import Camera
from streams.kit.allowed_networks import AllowedNetworks
from streams.kit.stage_costs import StageCosts
from streams.reading.latest_frames import LatestFrames
from streams.reading.reader_status import ReaderStatus
from streams.reading.settings import StreamSettings
from streams.reading.stream_reader import StreamReader

log = structlog.get_logger(__name__)

# A camera that sends is left within a frame's time. One that is silent ends with its time-out;
# nobody waits for that, for its thread is a daemon and puts no frame any more.
_GOODBYE_SECONDS = 2.0


class CameraReaders:
    """Owns one reader per camera; use it in ``with``.

    ``follow`` may be called whenever the list of cameras changes. It touches only the readers of
    cameras that came, went, or changed in how they are read; all others read on without losing a
    frame. ``follow`` and ``statuses`` may be called from any thread.

    Args:
        settings: How cameras are read.
        frames: Where their frames go.
        costs: Where CPU time is added.
        networks: Where cameras may be; None is anywhere.
    """

    def __init__(
        self,
        settings: StreamSettings,
        frames: LatestFrames,
        costs: StageCosts,
        networks: AllowedNetworks | None = None,
    ) -> None:
        self._settings = settings
        self._frames = frames
        self._costs = costs
        self._networks = networks
        self._lock = threading.Lock()
        self._readers: dict[str, StreamReader] = {}
        self._left: list[StreamReader] = []
        self._ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._lock:
            self._ended = True
            readers = [*self._readers.values(), *self._left]
        for reader in readers:
            reader.stop()
        deadline = time.monotonic() + _GOODBYE_SECONDS
        late = [
            reader.camera.camera_id
            for reader in readers
            if not reader.join(max(0.0, deadline - time.monotonic()))
        ]
        if late:
            log.info("readers_left_to_their_timeout", cameras=len(late), first=late[0])

    def follow(self, cameras: Iterable[Camera]) -> None:
        """Read exactly these cameras from now on, except those that are not enabled.

        Raises:
            RuntimeError: The ``with`` block was left already.
        """
        wanted = {camera.camera_id: camera for camera in cameras if camera.enabled}
        with self._lock:
            if self._ended:
                raise RuntimeError("CameraReaders cannot follow cameras after its with block")
            for camera_id, reader in list(self._readers.items()):
                camera = wanted.get(camera_id)
                if camera is None or _reads_differently(reader.camera, camera):
                    del self._readers[camera_id]
                    reader.stop()
                    self._frames.forget(camera_id)
                    self._left.append(reader)
            self._left = [reader for reader in self._left if not reader.join(0)]
            for camera_id, camera in wanted.items():
                if camera_id not in self._readers:
                    reader = StreamReader(
                        camera, self._settings, self._frames, self._costs, self._networks
                    )
                    self._readers[camera_id] = reader
                    reader.start()

    def statuses(self) -> list[ReaderStatus]:
        """How each followed camera is doing, in the order in which they came.

        After the ``with`` block: how each was doing when it was stopped.
        """
        with self._lock:
            readers = list(self._readers.values())
        return [reader.status() for reader in readers]


def _reads_differently(before: Camera, after: Camera) -> bool:
    return (
        before.stream_url != after.stream_url
        or before.look_interval_seconds != after.look_interval_seconds
    )
