"""Scene material: the pictures that scenes are composed of."""

from typing import Protocol

from benchmarks.scenes.background import Background
from benchmarks.scenes.cut_out import CutOut
from streams.frame import Picture


class SceneMaterial(Protocol):
    """Gives backgrounds and cut-outs; the same ones whenever it is asked again."""

    def picture_of(self, background: Background) -> Picture:
        """The background's picture in its own size; not to be written to."""
        ...

    def cut_out(self, what: str, variety: int) -> CutOut:
        """A thing of a visual class; any variety gives one."""
        ...
