"""What is kept of a camera's health over a restart."""

from pydantic import AwareDatetime, BaseModel

from streams.camera_health.camera_fault import CameraFault
from streams.camera_health.reference_view import StoredView


class StoredFault(BaseModel, frozen=True):
    """A declared fault.

    Attributes:
        fault: What is wrong.
        since: First look that showed it.
        measured: The value in words, as last seen.
    """

    fault: CameraFault
    since: AwareDatetime
    measured: str


class HealthState(BaseModel, frozen=True):
    """A camera's health as it is kept; suspicions are not, for looks would have to confirm them.

    Attributes:
        standing: Declared faults.
        preset: View shown last.
        views: Reference views, learnt or given.
    """

    standing: tuple[StoredFault, ...] = ()
    preset: str | None = None
    views: tuple[StoredView, ...] = ()
