"""One open connection to a camera, as a sequence of video packets."""

import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import av
import structlog
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from streams.camera import Camera
from streams.kit.allowed_networks import AllowedNetworks
from streams.reading.allowed_stream import allowed_streams
from streams.reading.ffmpeg_fault import opening_fault, reading_fault
from streams.reading.login_challenge import unknown_logins
from streams.reading.settings import StreamSettings
from streams.reading.stream_fault import StreamError, StreamFault

log = structlog.get_logger(__name__)

# FFmpeg's own log lines show addresses with their passwords. PyAV keeps them silent by default;
# this makes sure of it whatever was set before.
av.logging.set_level(None)

_OPTIONS = {
    # UDP loses packets and needs open ports; TCP does neither.
    "rtsp_transport": "tcp",
    # Sound would cost bandwidth for nothing.
    "allowed_media_types": "video",
    # FFmpeg would otherwise read about 20 frames to guess a frame rate nobody asks for, and hand
    # out the first picture a second late.
    "fpsprobesize": "0",
}

_MICROSECONDS = 1_000_000


class RtspStream:
    """An open connection to a camera, over TCP. Belongs to the thread that opened it.

    Opening and reading block, each bounded by its time-out (opening by twice its own: once to
    connect, once to learn what is sent). FFmpeg offers no way to cut them short from outside.

    Args:
        camera: Whose stream to open.
        settings: Its time-outs count here.
        networks: Where the stream may be, and whatever it sends on to; None is anywhere.

    Raises:
        StreamError: In ``__enter__`` and in ``packets``, in words for the operator. PyAV's own
            error is not chained to it, for its text holds the address with the password.
    """

    def __init__(
        self, camera: Camera, settings: StreamSettings, networks: AllowedNetworks | None = None
    ) -> None:
        self._camera = camera
        self._settings = settings
        self._networks = networks
        self._container: InputContainer | None = None
        self._video: VideoStream | None = None

    def __enter__(self) -> Self:
        *others, last = self._addresses()
        for url in others:
            try:
                return self._enter(url)
            except StreamError as error:
                if error.fault is not StreamFault.UNREACHABLE:
                    raise
        return self._enter(last)

    def _addresses(self) -> tuple[str, ...]:
        if self._networks is None:
            return (self._camera.stream_url.get_secret_value(),)
        return allowed_streams(self._camera, self._networks, self._settings.open_timeout_seconds)

    def _enter(self, url: str) -> Self:
        started = time.monotonic()
        timeout = self._settings.open_timeout_seconds
        try:
            self._container = self._open(url)
        except av.FFmpegError as error:
            elapsed = time.monotonic() - started
            fault = opening_fault(error, elapsed, timeout)
            detail = error.strerror or type(error).__name__
            if fault is StreamFault.TIMED_OUT:
                detail = f"no answer within {elapsed:.1f} s"
            if fault is StreamFault.UNAUTHORISED:
                asked = unknown_logins(url, timeout)
                if asked:
                    fault, detail = StreamFault.LOGIN_NOT_KNOWN, ", ".join(asked)
            raise StreamError(fault, self._camera, detail) from None
        self._video = next(
            (stream for stream in self._container.streams.video if _can_decode(stream)), None
        )
        if self._video is None:
            self._close()
            raise StreamError(StreamFault.NO_VIDEO, self._camera)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()

    @property
    def video(self) -> VideoStream:
        """The video stream within the connection."""
        if self._video is None:
            raise RuntimeError("RtspStream is used outside its with block")
        return self._video

    def packets(self) -> Iterator["Packet[VideoStream]"]:
        """Yield the video's packets as they arrive, until the stream fails.

        Raises:
            StreamError: The stream ended, fell silent or cannot be read.
        """
        video = self.video
        if self._container is None:
            raise RuntimeError("RtspStream is used outside its with block")
        try:
            for packet in self._container.demux(video):
                # At the end PyAV hands out an empty packet, meant to flush decoders.
                if packet.size:
                    yield packet
        except av.FFmpegError as error:
            fault = reading_fault(error)
            detail = error.strerror or type(error).__name__
            if fault is StreamFault.TIMED_OUT:
                detail = f"silent for {self._settings.read_timeout_seconds:g} s"
            raise StreamError(fault, self._camera, detail) from None
        raise StreamError(StreamFault.ENDED, self._camera)

    def _open(self, url: str) -> InputContainer:
        settings = self._settings
        longest = max(settings.open_timeout_seconds, settings.read_timeout_seconds)
        return av.open(
            url,
            mode="r",
            format="rtsp",
            # The time-out within FFmpeg is a second guard, e.g. while it says goodbye.
            options={**_OPTIONS, "timeout": str(int(longest * _MICROSECONDS))},
            timeout=(settings.open_timeout_seconds, settings.read_timeout_seconds),
        )

    def _close(self) -> None:
        container, self._container = self._container, None
        if container is not None:
            container.close()


def _can_decode(stream: VideoStream) -> bool:
    return stream.codec_context is not None and stream.codec_context.is_decoder
