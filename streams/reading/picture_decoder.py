"""Turns the packets of one video stream into pictures."""

import av
import numpy as np
from av.codec.context import Flags
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from streams.frame import Picture
from streams.reading.settings import Sampling, StreamSettings
from streams.reading.square_pixels import square_size


class CorruptPictureError(Exception):
    """A packet that holds no whole picture; the next keyframe starts afresh."""


class PictureDecoder:
    """Decodes one stream's packets. Belongs to the thread that reads the stream.

    One thread per decoder: with many cameras the cores are busy anyway, and FFmpeg's own threads
    would each hold frames back.

    Args:
        video: The stream that the packets belong to.
        settings: Which pictures to decode, and how large they may be.
    """

    def __init__(self, video: VideoStream, settings: StreamSettings) -> None:
        self._context = video.codec_context
        self._keyframes_only = settings.sampling is Sampling.KEYFRAMES
        self._reformatter = VideoReformatter()
        self._needs_keyframe = True
        self._most_pixels = settings.maximum_picture_pixels
        self._context.thread_count = 1
        self._context.options = {
            **self._context.options,
            "max_pixels": str(settings.maximum_picture_pixels),
        }
        if self._keyframes_only:
            self._context.skip_frame = "NONKEY"
            self._context.flags |= Flags.low_delay

    def wants(self, packet: "Packet[VideoStream]") -> bool:
        """Whether a packet can lead to a picture; only then is it worth decoding."""
        return packet.is_keyframe or not (self._keyframes_only or self._needs_keyframe)

    def decode(self, packet: "Packet[VideoStream]") -> VideoFrame | None:
        """Decode a packet; None when the decoder needs more packets to finish a picture.

        Raises:
            CorruptPictureError: The packet is damaged or incomplete.
        """
        try:
            frames = self._context.decode(packet)
            if not frames and self._keyframes_only:
                # A stream with B-frames holds a picture back until later ones come. A keyframe
                # needs no other, so it is drained at once.
                frames = self._context.decode(None)
                self._context.flush_buffers()
        except av.FFmpegError as error:
            self._start_afresh()
            raise CorruptPictureError(error.strerror or type(error).__name__) from None
        if packet.is_corrupt or any(frame.is_corrupt for frame in frames):
            self._start_afresh()
            raise CorruptPictureError("marked as incomplete")
        self._needs_keyframe = False
        return frames[-1] if frames else None

    def picture(self, frame: VideoFrame) -> Picture:
        """Convert a decoded frame to a BGR array of its own memory, with square pixels."""
        # The decoder knows it once the first picture's parameters came.
        width, height = square_size(
            frame.width, frame.height, self._context.sample_aspect_ratio, self._most_pixels
        )
        converted = self._reformatter.reformat(frame, width, height, format="bgr24")
        return np.ascontiguousarray(converted.to_ndarray(), dtype=np.uint8)

    def _start_afresh(self) -> None:
        self._needs_keyframe = True
        self._context.flush_buffers()
