"""A box in a picture."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PictureBox:
    """A box in picture fractions, x to the right and y downwards.

    Raises:
        ValueError: It has no area.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (self.left < self.right and self.top < self.bottom):
            raise ValueError(f"box {self} has no area")
