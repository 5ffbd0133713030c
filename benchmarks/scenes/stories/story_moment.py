"""Moments of a story: counted in looks, where something has a speed of its own in seconds."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from benchmarks.scenes.pace import Pace
from benchmarks.scenes.span import Span


class StoryPart(BaseModel):
    """A part of a story file: fixed once read, and without fields that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Moment(StoryPart):
    """A moment, or a length of time, of a scene; a bare number is one in looks.

    Attributes:
        looks: So many looks after the start.
        seconds: And so many seconds, at whatever pace is looked.
        at_least: Not before this moment.
        at_most: Not after this moment.
    """

    looks: float = 0.0
    seconds: float = 0.0
    at_least: Self | None = None
    at_most: Self | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_number(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        return {"looks": value} if isinstance(value, int | float) else value

    def at(self, pace: Pace) -> float:
        """Seconds since the scene's start."""
        moment = pace.looks(self.looks) + self.seconds
        if self.at_least is not None:
            moment = max(moment, self.at_least.at(pace))
        return moment if self.at_most is None else min(moment, self.at_most.at(pace))


Between = tuple[Moment, Moment]
"""First and last moment of something."""


def span_of(between: Between, pace: Pace) -> Span:
    """From one moment to another, in seconds."""
    return Span(between[0].at(pace), between[1].at(pace))
