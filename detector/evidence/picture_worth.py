"""Picture worth: how well a picture shows a sighting, and whether another shows it better."""

from datetime import datetime, timedelta
from typing import Self

import numpy as np
from pydantic import AwareDatetime, BaseModel, ConfigDict

from detector.geometry.picture_crop import PictureCrop
from detector.sighting import Sighting
from streams.frame import Frame

# From look to look the score of one and the same thing varies by about a tenth.
BETTER_SCORE = 0.15

# A box shakes by a few per cent; half as large again means that something moved out of the way
# or that it came nearer.
BETTER_AREA = 1.5

# How much of one may be lost where the other is won: what varies from look to look anyway.
LOST_SCORE = 0.1
LOST_AREA = 0.8

# Mean grey level of 255. Below the first a person hardly tells what lies there; above the second
# it is as light as on a dull day.
DARK = 50.0
LIT = 80.0

# What changes within a minute is better seen on the live picture.
BETTER_AFTER = timedelta(minutes=1)

# With three pictures each and the ones at the opening and at the end, this stays below the 20
# that an event may name; a person who judges an event looks at two or three.
MAXIMUM_BETTER = 3

# The place of a sighting counts, not its surroundings; a sixteenth of its pixels tells as much.
_NO_MARGIN = 0.0
_STEP = 4


class PictureWorth(BaseModel):
    """How well the best picture of an event so far shows what was sighted.

    Attributes:
        taken_at: Time of its frame.
        score: Highest score among the boxes in it.
        area: Share of the picture that the boxes cover, each counted.
        light: Mean grey level of the part of the picture that holds the boxes, 0 to 255.
        times_bettered: How many pictures of the event were taken because they were better.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    taken_at: AwareDatetime
    score: float
    area: float
    light: float
    times_bettered: int = 0

    @classmethod
    def of(cls, frame: Frame, sighting: Sighting) -> Self:
        """The worth of the frame in which the boxes of a sighting are."""
        sides = np.clip(sighting.boxes[:, 2:] - sighting.boxes[:, :2], 0.0, 1.0)
        place = PictureCrop.around(frame.picture, sighting.boxes, _NO_MARGIN).of(frame.picture)
        return cls(
            taken_at=frame.captured_at,
            score=float(sighting.scores.max()),
            area=float(sides.prod(axis=1).sum()),
            light=float(place[::_STEP, ::_STEP].mean()),
        )

    def may_be_bettered(self, at: datetime) -> bool:
        """Whether another picture may be taken at that time at all."""
        return self.times_bettered < MAXIMUM_BETTER and at >= self.taken_at + BETTER_AFTER

    def is_bettered_by(self, other: "PictureWorth") -> bool:
        """Whether another picture shows it clearly better: surer, larger or in better light."""
        keeps_score = other.score >= self.score - LOST_SCORE
        keeps_area = other.area >= self.area * LOST_AREA
        keeps_light = other.light >= min(self.light, DARK)
        surer = other.score >= self.score + BETTER_SCORE and keeps_area
        larger = other.area >= self.area * BETTER_AREA and keeps_score
        lighter = self.light < DARK and other.light >= LIT and keeps_score and keeps_area
        return lighter or (keeps_light and (surer or larger))

    def replaced_by(self, other: "PictureWorth") -> "PictureWorth":
        """The worth of the picture that took this one's place."""
        return other.model_copy(update={"times_bettered": self.times_bettered + 1})
