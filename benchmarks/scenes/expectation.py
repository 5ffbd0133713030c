"""Expectations: what a patrol must report of a scene, and by when."""

from dataclasses import dataclass

from benchmarks.scenes.disturbances import CameraFault
from benchmarks.scenes.picture_box import PictureBox
from benchmarks.scenes.span import Span


@dataclass(frozen=True, slots=True)
class ExpectedEvent:
    """One event that must be reported, once. What no scene expects is a false alarm.

    Attributes:
        issue_code: Code in the issue catalogue.
        opens_between: Earliest and latest moment at which it may be reported first.
        clears_between: Earliest and latest moment at which it may be cleared; None where it is
            still there when the scene ends.
        actors: Names of the actors that it is about; empty where it is about what is missing.
        zone_id: Zone of the camera in which it is; None where it is about the whole picture.
        place: Where it is in the picture, for what no actor shows; None where the actors do.
    """

    issue_code: str
    opens_between: Span
    clears_between: Span | None
    actors: tuple[str, ...] = ()
    zone_id: str | None = None
    place: PictureBox | None = None


@dataclass(frozen=True, slots=True)
class ExpectedFault:
    """A camera fault that operators must be told of, once.

    Attributes:
        fault: What is wrong.
        opens_between: Earliest and latest moment at which it may be reported first.
        clears_between: Earliest and latest moment at which it may be over; None where it lasts
            until the scene ends.
    """

    fault: CameraFault
    opens_between: Span
    clears_between: Span | None
