"""A span of scene time."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment of a scene to another.

    Attributes:
        begins_at: Seconds since the scene's start.
        ends_at: Seconds since the scene's start; this moment itself is no longer within.

    Raises:
        ValueError: It ends before it begins.
    """

    begins_at: float
    ends_at: float

    def __post_init__(self) -> None:
        if self.ends_at < self.begins_at:
            raise ValueError(f"a span from {self.begins_at:g} s cannot end at {self.ends_at:g} s")

    def holds(self, moment: float) -> bool:
        """Whether ``moment`` lies within."""
        return self.begins_at <= moment < self.ends_at

    def __str__(self) -> str:
        return f"{self.begins_at:g} to {self.ends_at:g} s"


ALWAYS = Span(float("-inf"), float("inf"))
"""All of a scene, however long it is."""
