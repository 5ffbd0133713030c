"""How the present view compares with a camera's reference."""

from dataclasses import dataclass
from enum import Enum, auto

from streams.camera_health.health_settings import HealthSettings


class ViewVerdict(Enum):
    """What a comparison of views says."""

    SAME = auto()
    """The reference view is shown."""
    MOVED = auto()
    """The place of the reference is shown from another angle, measured."""
    ELSEWHERE = auto()
    """Something else is shown, in light in which the reference would be recognised."""
    CANNOT_TELL = auto()
    """Light, weather or an obstacle hide too much."""


@dataclass(frozen=True, slots=True)
class ViewMatch:
    """The present view against a reference.

    Attributes:
        verdict: What can be said.
        name: The reference's name; None when no view is recognised.
        right: Shift of the picture as a share of its width.
        down: Shift as a share of its height.
        rotation_degrees: Turn, clockwise on the screen.
        scale: Change of size.
        confidence: 0 to 1: share of what was compared that agrees.
    """

    verdict: ViewVerdict
    name: str | None
    right: float = 0.0
    down: float = 0.0
    rotation_degrees: float = 0.0
    scale: float = 1.0
    confidence: float = 0.0

    def within(self, settings: HealthSettings, share: float = 1.0) -> bool:
        """Whether the view is off by less than ``share`` of what counts as moved."""
        return (
            max(abs(self.right), abs(self.down)) < share * settings.view_shift
            and abs(self.rotation_degrees) < share * settings.view_rotation_degrees
            and abs(self.scale - 1) < share * settings.view_scale
        )

    def described(self, settings: HealthSettings) -> str:
        """The match in words with the thresholds, for the operator."""
        if self.verdict is ViewVerdict.ELSEWHERE:
            return "none of the camera's known views is recognised"
        return (
            f"view {self.name!r} shifted by {self.right:+.1%} right and {self.down:+.1%} down "
            f"(from {settings.view_shift:.1%}), turned by {self.rotation_degrees:+.1f} degrees "
            f"(from {settings.view_rotation_degrees:g}), scaled by {self.scale:.2f} "
            f"(from {settings.view_scale:.0%} off 1)"
        )
