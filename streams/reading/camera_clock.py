"""The camera's own clock, as its RTCP sender reports tell it."""

import struct
from datetime import UTC, datetime, timedelta

from av.packet import Packet
from av.video.stream import VideoStream

# FFmpeg's AVProducerReferenceTime: microseconds since 1970 as a signed 64-bit number, then flags.
# It is worked out from the latest sender report and the RTP time of the packet, so that it is the
# time at which the camera took the picture.
_WALL_CLOCK = struct.Struct("=q")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_FIRST_WALL_CLOCK = datetime(1968, 1, 20, 3, 14, 8, tzinfo=UTC)
"""A sender without a clock counts from its start, so that the highest bit of its NTP time is not
set (RFC 3550, section 6.4.1); that bit is set from this moment on."""


def camera_clock(packet: "Packet[VideoStream]") -> datetime | None:
    """When the camera took the picture of a packet, by the camera's own clock.

    Returns:
        A time in UTC; None before the first sender report, and of a camera that has no clock.
    """
    data = packet.get_sidedata("prft")
    return wall_clock(bytes(data)) if data.buffer_size >= _WALL_CLOCK.size else None


def wall_clock(data: bytes) -> datetime | None:
    """Read FFmpeg's producer reference time; None where it is no time of day.

    Args:
        data: At least eight bytes, in the machine's byte order.
    """
    (microseconds,) = _WALL_CLOCK.unpack_from(data)
    try:
        moment = _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return None
    return moment if moment >= _FIRST_WALL_CLOCK else None
