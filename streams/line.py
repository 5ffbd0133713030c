"""Lines: drawn in a camera's picture where something may not, or may only, be crossed."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from streams.words import Identifier
from streams.zone import PicturePoint, PresetName


class LineKind(StrEnum):
    """What a line on the ground is; issue rules name these kinds."""

    BOUNDARY = "boundary"
    ENTRANCE = "entrance"
    EXIT = "exit"
    FENCE = "fence"
    KERB_LINE = "kerb_line"
    SOLID_LINE = "solid_line"
    STOP_LINE = "stop_line"
    WATER_EDGE = "water_edge"


class Line(BaseModel):
    """A line on the ground, drawn in a camera's picture.

    It has two sides, as seen by someone who walks along it from its first point to its last:
    what goes from left to right crosses it ``left_to_right``. Drawn from the left of the
    picture to its right, its left side is the upper one.

    Attributes:
        line_id: Unique within its camera, among its zones too.
        kind: What it is.
        points: Two or more points in picture fractions, in order along it.
        preset: Of a camera with presets, the one in whose picture it is drawn.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    line_id: Identifier
    kind: LineKind
    points: Annotated[tuple[PicturePoint, ...], Field(min_length=2, max_length=32)]
    preset: PresetName | None = None

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        for first, second in zip(self.points, self.points[1:], strict=False):
            if first == second:
                raise ValueError(
                    f"line {self.line_id!r}: the point {list(first)} follows itself; "
                    "each further point lies elsewhere"
                )
        return self
