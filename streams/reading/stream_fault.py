"""What can be wrong with a camera's stream, in one clear line each."""

from enum import StrEnum

from streams.camera import Camera
from streams.kit.errors import CityPatrolError


class StreamFault(StrEnum):
    """Why a camera gives no pictures."""

    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    UNAUTHORISED = "unauthorised"
    LOGIN_NOT_KNOWN = "login_not_known"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    NOT_RTSP = "not_rtsp"
    BAD_ADDRESS = "bad_address"
    FORBIDDEN_ADDRESS = "forbidden_address"
    NO_VIDEO = "no_video"
    NO_PICTURE = "no_picture"
    CORRUPT = "corrupt"
    ENDED = "ended"
    UNKNOWN = "unknown"


# What happened, and the way out.
_TEXTS: dict[StreamFault, tuple[str, str]] = {
    StreamFault.UNREACHABLE: (
        "cannot be reached",
        "check its address, port and power, and the network between",
    ),
    StreamFault.TIMED_OUT: (
        "accepts the connection or less, then stays silent",
        "restart it, or raise CITYPATROL_STREAM_OPEN_TIMEOUT_SECONDS or _READ_TIMEOUT_SECONDS",
    ),
    StreamFault.UNAUTHORISED: (
        "refuses the user name or password",
        "correct them in its stream_url",
    ),
    StreamFault.LOGIN_NOT_KNOWN: (
        "asks for a login that is not known here",
        "allow Digest with MD5, or Basic, in its settings; user name and password may be right",
    ),
    StreamFault.NOT_FOUND: (
        "has no such stream (404)",
        "correct the path in its stream_url",
    ),
    StreamFault.REFUSED: (
        "refuses to send the stream",
        "see the camera's own log; it may allow no further viewer, or send over UDP only: then "
        "switch RTSP over TCP on in its settings",
    ),
    StreamFault.NOT_RTSP: (
        "does not answer as an RTSP server does",
        "check that address and port are those of its RTSP service, usually 554",
    ),
    StreamFault.BAD_ADDRESS: (
        "has an address that cannot be used",
        "write rtsp://user:password@host:port/path, with special characters as %XX",
    ),
    StreamFault.FORBIDDEN_ADDRESS: (
        "is, or sends on to, where no camera may be",
        "correct its stream_url, or name its network in CITYPATROL_CAMERA_NETWORKS of the API and "
        "its workers",
    ),
    StreamFault.NO_VIDEO: (
        "sends no video that can be decoded",
        "choose a stream of H.264 or H.265 video in its settings",
    ),
    StreamFault.NO_PICTURE: (
        "sends data but no picture that can be decoded",
        "set a keyframe interval of a few seconds on the camera, or sampling to 'rate'",
    ),
    StreamFault.CORRUPT: (
        "sends data that cannot be read",
        "check its encoder and the network for loss",
    ),
    StreamFault.ENDED: (
        "ended the stream",
        "it is connected again by itself; if this repeats, see the camera's own log",
    ),
    StreamFault.UNKNOWN: (
        "failed in a way not known here",
        "please report this line",
    ),
}


class StreamError(CityPatrolError):
    """A camera gives no pictures; the text names it, its address without secrets, and the way out.

    Attributes:
        fault: What is wrong.
    """

    def __init__(self, fault: StreamFault, camera: Camera, detail: str = "") -> None:
        super().__init__(describe(fault, camera, detail))
        self.fault = fault


def describe(fault: StreamFault, camera: Camera, detail: str = "") -> str:
    """One line: which camera, its address without credentials, what is wrong and what to do.

    Args:
        fault: What is wrong.
        camera: Whose stream it is.
        detail: What was observed, such as a time; must hold no part of the stream's address.
    """
    what, way_out = _TEXTS[fault]
    observed = f" ({detail})" if detail else ""
    return f"camera {camera.camera_id!r} at {camera.redacted_url} {what}{observed}; {way_out}"
