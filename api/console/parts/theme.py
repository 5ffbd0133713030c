"""The looks of the console."""

from enum import StrEnum
from typing import Self

THEME_COOKIE = "citypatrol_theme"


class Theme(StrEnum):
    """A look: the same colours with meaning, on another ground."""

    LIGHT = "light"
    DARK = "dark"

    @classmethod
    def of(cls, name: str | None) -> Self | None:
        """Return the look of a name; None for any other text, which is what the device says."""
        return cls(name) if name in set(cls) else None
