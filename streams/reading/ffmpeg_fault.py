"""FFmpeg's errors, sorted into stream faults."""

import errno

import av
import av.error

from streams.reading.stream_fault import StreamFault

_FAULT_OF_ERROR: tuple[tuple[type[av.FFmpegError], StreamFault], ...] = (
    (av.error.HTTPUnauthorizedError, StreamFault.UNAUTHORISED),
    (av.error.HTTPForbiddenError, StreamFault.UNAUTHORISED),
    (av.error.HTTPNotFoundError, StreamFault.NOT_FOUND),
    (av.error.HTTPClientError, StreamFault.REFUSED),
    (av.error.HTTPError, StreamFault.REFUSED),
    # PyAV's own time-out interrupts FFmpeg, which reports an "immediate exit".
    (av.error.ExitError, StreamFault.TIMED_OUT),
    (av.error.TimeoutError, StreamFault.TIMED_OUT),
    (av.error.ConnectionRefusedError, StreamFault.UNREACHABLE),
    (av.error.ConnectionResetError, StreamFault.ENDED),
    (av.error.ConnectionAbortedError, StreamFault.ENDED),
    (av.error.BrokenPipeError, StreamFault.ENDED),
    (av.error.EOFError, StreamFault.ENDED),
    (av.error.DecoderNotFoundError, StreamFault.NO_VIDEO),
    (av.error.ProtocolNotFoundError, StreamFault.BAD_ADDRESS),
    (av.error.ArgumentError, StreamFault.BAD_ADDRESS),
    (av.error.InvalidDataError, StreamFault.CORRUPT),
)

# Errors without a class of their own in PyAV. FFmpeg answers EIO for a host name that cannot be
# resolved.
_UNREACHABLE_ERRNOS = frozenset(
    {errno.EIO, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN}
)

# FFmpeg reports a server that never answers as invalid data, once the time-out cut it off.
_NEARLY = 0.9


def opening_fault(
    error: av.FFmpegError, elapsed_seconds: float, timeout_seconds: float
) -> StreamFault:
    """What is wrong when a stream could not be opened.

    Args:
        error: What PyAV raised. Its text holds the address with the password: never show it.
        elapsed_seconds: Time spent opening.
        timeout_seconds: The time allowed for it.
    """
    fault = reading_fault(error)
    if fault is StreamFault.CORRUPT:
        if elapsed_seconds >= timeout_seconds * _NEARLY:
            return StreamFault.TIMED_OUT
        return StreamFault.NOT_RTSP
    return fault


def reading_fault(error: av.FFmpegError) -> StreamFault:
    """What is wrong when an open stream could not be read on."""
    for kind, fault in _FAULT_OF_ERROR:
        if isinstance(error, kind):
            return fault
    if error.errno in _UNREACHABLE_ERRNOS:
        return StreamFault.UNREACHABLE
    if error.errno == errno.EPROTONOSUPPORT:
        # FFmpeg's name for 461, the answer of a camera that sends over UDP only.
        return StreamFault.REFUSED
    if error.errno == errno.ETIMEDOUT:
        return StreamFault.TIMED_OUT
    return StreamFault.UNKNOWN
