"""How a camera's reader is doing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from streams.reading.drop_cause import DropCause
from streams.reading.stream_fault import StreamFault


class ReaderState(StrEnum):
    """What a reader is doing now."""

    CONNECTING = "connecting"
    STREAMING = "streaming"
    WAITING = "waiting"
    """It failed and waits before it tries again."""
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class ReaderStatus:
    """How a camera's reader was doing when asked.

    Attributes:
        camera_id: Whose reader it is.
        state: What it was doing.
        fault: What is wrong now, or None.
        last_error: The same in one line without secrets; None again once it works.
        last_frame_at: When its newest frame was captured, or None.
        frames: Frames it delivered.
        drops: Frames of this camera that were dropped, per cause.
        reconnects: Times it connected again after a failure.
    """

    camera_id: str
    state: ReaderState
    fault: StreamFault | None
    last_error: str | None
    last_frame_at: datetime | None
    frames: int
    drops: Mapping[DropCause, int]
    reconnects: int
