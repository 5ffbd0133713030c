"""What a stream says about itself, beside its pictures."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """Facts of the stream at one look; None where they are not known.

    Attributes:
        bitrate: Bits per second that arrived of late, over some seconds.
        keyframe_bytes: Size of the picture as it was coded, if it is a keyframe; others are
            small because they only say what changed.
        camera_clock: Time that the camera gave the picture, with time zone.

    Raises:
        ValueError: A number is negative, or the time has no zone.
    """

    bitrate: float | None = None
    keyframe_bytes: int | None = None
    camera_clock: datetime | None = None

    def __post_init__(self) -> None:
        for name in ("bitrate", "keyframe_bytes"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise ValueError(f"{name} {value} is negative")
        if self.camera_clock is not None and self.camera_clock.tzinfo is None:
            raise ValueError(f"camera_clock {self.camera_clock} has no time zone")


NO_FACTS = StreamFacts()
"""Nothing is known beside the picture."""
