"""Disturbances: what happens to the camera and its picture rather than in the street."""

from dataclasses import dataclass
from enum import StrEnum

from benchmarks.scenes.background import Background
from benchmarks.scenes.span import Span


class CameraFault(StrEnum):
    """What can be wrong with a camera."""

    DARK = "dark"
    OVEREXPOSED = "overexposed"
    BLURRED = "blurred"
    COVERED = "covered"
    FROZEN = "frozen"
    COLOUR_CAST = "colour_cast"
    NOISE = "noise"
    LOW_BITRATE = "low_bitrate"
    VIEW_MOVED = "view_moved"
    CLOCK_WRONG = "clock_wrong"
    STREAM_GONE = "stream_gone"


BLINDING_FAULTS = frozenset(
    {CameraFault.DARK, CameraFault.OVEREXPOSED, CameraFault.COVERED, CameraFault.STREAM_GONE}
)
"""Faults under which nothing of the street can be seen."""

CLOCK_ERROR_SECONDS = 3 * 3600.0
"""How far a wrong clock is ahead: as if it had been set to another time zone."""


@dataclass(frozen=True, slots=True)
class Shake:
    """The camera's pole sways in the wind.

    Attributes:
        span: When.
        amplitude: Typical way from the resting place, fraction of the picture's width.
    """

    span: Span
    amplitude: float


@dataclass(frozen=True, slots=True)
class SensorNoise:
    """Grain.

    Attributes:
        span: When.
        sigma: Standard deviation in grey levels of 255.
    """

    span: Span
    sigma: float


@dataclass(frozen=True, slots=True)
class LightLevel:
    """How bright it is at one moment.

    Attributes:
        at: Seconds since the scene's start.
        brightness: 1 as the background was taken, about 0.2 a street at night.
    """

    at: float
    brightness: float


@dataclass(frozen=True, slots=True)
class LightChange:
    """Daylight comes and goes; as it gets dark, street lamps light up.

    Attributes:
        levels: Brightness over time, in order; between them it changes evenly.
    """

    levels: tuple[LightLevel, ...]


@dataclass(frozen=True, slots=True)
class Occluder:
    """Something large and plain passes close to the camera, such as a lorry's side.

    Attributes:
        span: When it goes from one side to the other.
        width: Fraction of the picture's width.
        top: Fraction of the picture's height.
        bottom: Fraction of the picture's height.
    """

    span: Span
    width: float
    top: float = 0.0
    bottom: float = 1.0


@dataclass(frozen=True, slots=True)
class Compression:
    """The camera compresses its pictures hard.

    Attributes:
        span: When.
        quality: JPEG quality, 1 to 100.
    """

    span: Span
    quality: int


@dataclass(frozen=True, slots=True)
class TimeCaption:
    """The camera writes its own date and time into the picture."""

    span: Span


@dataclass(frozen=True, slots=True)
class LookGap:
    """Nobody looks at the camera: the worker was away or its time went elsewhere."""

    span: Span


@dataclass(frozen=True, slots=True)
class CameraFaultSpan:
    """Something is wrong with the camera.

    Attributes:
        fault: What.
        span: When.
    """

    fault: CameraFault
    span: Span


@dataclass(frozen=True, slots=True)
class LooksElsewhere:
    """The camera has turned to another place, in which nothing happens.

    Attributes:
        span: When.
        background: What is seen there.
        preset: The camera's preset that shows it; None where it is none.
    """

    span: Span
    background: Background
    preset: str | None = None


Disturbance = (
    Shake
    | SensorNoise
    | LightChange
    | Occluder
    | Compression
    | TimeCaption
    | LookGap
    | CameraFaultSpan
    | LooksElsewhere
)
