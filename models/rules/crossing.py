"""Crossing: something passes over a line."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from streams.line import LineKind


class CrossingDirection(StrEnum):
    """Which way a line is crossed, as seen along it from its first point to its last."""

    ANY = "any"
    LEFT_TO_RIGHT = "left_to_right"
    RIGHT_TO_LEFT = "right_to_left"


class Crossing(BaseModel):
    """The foot point of an object passes from one side of a line to the other.

    Attributes:
        lines: Kinds of lines, any of them.
        direction: Which way it must go.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lines: Annotated[tuple[LineKind, ...], Field(min_length=1)]
    direction: CrossingDirection = CrossingDirection.ANY
