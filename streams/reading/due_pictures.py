"""Picks the pictures that are due out of one open stream, and decodes no others."""

import time

from av.packet import Packet
from av.video.stream import VideoStream

from streams.camera import Camera
from streams.frame import Picture
from streams.kit.stage_costs import Stage, StageCosts
from streams.reading.drop_cause import DropCause, DropCounts
from streams.reading.look_clock import LookClock
from streams.reading.picture_decoder import CorruptPictureError, PictureDecoder
from streams.reading.settings import Sampling, StreamSettings
from streams.reading.stream_fault import StreamError, StreamFault


class DuePictures:
    """Is offered each packet of a stream and returns a picture when a look is due.

    Belongs to the thread that reads the stream: the CPU time between two calls counts as reading.

    Args:
        camera: Whose stream it is; its look interval counts.
        video: The open stream's video.
        settings: Which pictures to decode and how long to wait for one.
        drops: Where pictures that are corrupt or not due are counted. With sampling by
            keyframes, other pictures are never looked at and do not count as dropped.
        costs: Where CPU time is added.
    """

    def __init__(
        self,
        camera: Camera,
        video: VideoStream,
        settings: StreamSettings,
        drops: DropCounts,
        costs: StageCosts,
    ) -> None:
        self._camera = camera
        self._decoder = PictureDecoder(video, settings)
        self._clock = LookClock(camera.look_interval_seconds)
        self._by_rate = settings.sampling is Sampling.RATE
        self._patience = settings.picture_timeout_seconds
        self._drops = drops
        self._costs = costs
        self._saw_corruption = False
        self._last_sign = time.monotonic()
        self._cpu_mark = time.thread_time()

    def offer(self, packet: "Packet[VideoStream]") -> Picture | None:
        """Return the picture that ``packet`` completes if it is due, else None.

        Raises:
            StreamError: Nothing that can be decoded has come for too long.
        """
        now = time.monotonic()
        due = self._clock.is_due(now)
        if not self._decoder.wants(packet):
            self._check_patience(now)
            return None
        if not due and not self._by_rate:
            self._note_drop(DropCause.NOT_DUE, now)
            return None
        self._costs.add(Stage.READ, time.thread_time() - self._cpu_mark)
        with self._costs.measure(Stage.DECODE):
            picture = self._decode(packet, now, due=due)
        self._cpu_mark = time.thread_time()
        return picture

    def _decode(self, packet: "Packet[VideoStream]", now: float, *, due: bool) -> Picture | None:
        try:
            frame = self._decoder.decode(packet)
        except CorruptPictureError:
            self._saw_corruption = True
            self._drops.add(self._camera.camera_id, DropCause.CORRUPT)
            self._check_patience(now)
            return None
        if frame is None:
            self._check_patience(now)
            return None
        if not due:
            self._note_drop(DropCause.NOT_DUE, now)
            return None
        self._last_sign = now
        self._clock.note_look(now)
        return self._decoder.picture(frame)

    def _note_drop(self, cause: DropCause, now: float) -> None:
        self._last_sign = now
        self._drops.add(self._camera.camera_id, cause)

    def _check_patience(self, now: float) -> None:
        if now - self._last_sign > self._patience:
            fault = StreamFault.CORRUPT if self._saw_corruption else StreamFault.NO_PICTURE
            raise StreamError(fault, self._camera, f"for {self._patience:g} s")
