"""Actors of a story: each form in which a story file says what is where and when."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from benchmarks.scenes.actor import Actor, Keyframe, OnGround, OnPicture, Place, moving, standing
from benchmarks.scenes.pace import Pace
from benchmarks.scenes.span import Span
from benchmarks.scenes.stories.story_moment import Between, Moment, StoryPart, span_of
from benchmarks.scenes.stories.street import TRAFFIC, parked_car, passing


class StoryPlace(StoryPart):
    """Where something is; a bare list is x, y and, where it is not 1, the scale.

    Attributes:
        x: Middle of its foot, fraction of the picture's width.
        y: Its foot, fraction of the picture's height.
        scale: How large it is beside the usual size of its class.
        raised: How far above the ground its foot is, fraction of the picture's height.
        height: Its height in the picture, for what does not stand on the ground.
    """

    x: float
    y: float
    scale: float = 1.0
    raised: float = 0.0
    height: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_list(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        if isinstance(value, list) and len(value) in {2, 3}:
            return dict(zip(("x", "y", "scale"), value, strict=False))
        return value

    def place(self) -> Place:
        """The place as scenes know it."""
        if self.height is not None:
            return OnPicture(self.x, self.y, self.height)
        return self.on_ground()

    def on_ground(self) -> OnGround:
        """The place on the ground."""
        return OnGround(self.x, self.y, self.scale, self.raised)


class Standing(StoryPart):
    """Something that stays where it is.

    Attributes:
        name: Unique in its scene.
        what: Its visual class.
        at: Where it is.
        there: When it comes and when it is gone.
        variety: Which of the pictures of its class it has.
    """

    name: str
    what: str
    at: StoryPlace
    there: Between
    variety: int = 0

    def actors(self, pace: Pace, _: Span) -> tuple[Actor, ...]:
        """The one that stands."""
        span = span_of(self.there, pace)
        return (standing(self.name, self.what, self.at.place(), span, self.variety),)


class Moving(StoryPart):
    """Something that goes from one place to another and is gone then.

    Attributes:
        name: Unique in its scene.
        what: Its visual class.
        moves: From where to where.
        there: When it comes and when it is gone.
        variety: Which of the pictures of its class it has.
    """

    name: str
    what: str
    moves: tuple[StoryPlace, StoryPlace]
    there: Between
    variety: int = 0

    def actors(self, pace: Pace, _: Span) -> tuple[Actor, ...]:
        """The one that goes."""
        places = self.moves[0].place(), self.moves[1].place()
        return (moving(self.name, self.what, places, span_of(self.there, pace), self.variety),)


class PathStep(StoryPart):
    """Where something is at one moment."""

    when: Moment
    at: StoryPlace


class Following(StoryPart):
    """Something that goes, or grows, along a path.

    Attributes:
        name: Unique in its scene.
        what: Its visual class.
        path: Where it is when, in order.
        leaves: When it is gone; with the path's end where nothing is said.
        variety: Which of the pictures of its class it has.
    """

    name: str
    what: str
    path: Annotated[tuple[PathStep, ...], Field(min_length=1)]
    leaves: Moment | None = None
    variety: int = 0

    def actors(self, pace: Pace, _: Span) -> tuple[Actor, ...]:
        """The one on the path."""
        path = tuple(Keyframe(step.when.at(pace), step.at.place()) for step in self.path)
        leaves_at = path[-1].at if self.leaves is None else self.leaves.at(pace)
        return (Actor(self.name, self.what, path, leaves_at, self.variety),)


class Parking(StoryPart):
    """A car that drives up to the junction's kerb, stops, and drives off.

    Attributes:
        parks: First and last look; it is named ``parked-`` and the first.
        variety: Which of the pictures of cars it has.
    """

    parks: tuple[float, float]
    variety: int = 0

    def actors(self, pace: Pace, _: Span) -> tuple[Actor, ...]:
        """The one that parks."""
        return (parked_car(pace, *self.parks, self.variety),)


_IN_ROW = 7


class Rows(StoryPart):
    """Things in rows of seven, named by their numbers and varied by them.

    Attributes:
        rows: What their names begin with.
        what: Visual class of all of them.
        numbers: The first and the last of them.
        first: Where number 0 stands.
        along: From one to the next, fraction of the picture's width.
        down: From one row to the next, fraction of the picture's height.
        uneven: How far two of three stand out of line, once and twice this.
        there: When they come and when they are gone.
    """

    rows: str
    what: str
    numbers: tuple[int, int]
    first: tuple[float, float]
    along: float
    down: float
    uneven: float = 0.0
    there: Between

    def actors(self, pace: Pace, _: Span) -> tuple[Actor, ...]:
        """All that stand in the rows."""
        span = span_of(self.there, pace)
        return tuple(
            standing(f"{self.rows}-{number}", self.what, self._place(number), span, number)
            for number in range(self.numbers[0], self.numbers[1] + 1)
        )

    def _place(self, number: int) -> OnGround:
        row, column = divmod(number, _IN_ROW)
        x, y = self.first
        return OnGround(x + self.along * column, y + self.down * row + self.uneven * (number % 3))


class Passing(StoryPart):
    """Things that pass through the street at their own speed, now and then.

    Attributes:
        passing: Visual class of all of them.
        way: Where each comes from and goes to; half of them go the other way.
        takes_seconds: How long each takes.
        every_seconds: Between two of them, on average.
    """

    passing: str
    way: tuple[StoryPlace, StoryPlace]
    takes_seconds: float
    every_seconds: float

    def actors(self, _: Pace, scene: Span) -> tuple[Actor, ...]:
        """All that pass while the scene lasts."""
        way = self.way[0].on_ground(), self.way[1].on_ground()
        return passing(self.passing, way, self.takes_seconds, self.every_seconds, scene)


class Traffic(StoryPart):
    """The traffic that a street usually has.

    Attributes:
        traffic: Whose.
        there: When it flows; all the time where nothing is said.
    """

    traffic: Literal["junction_traffic", "junction_walkers", "campus_walkers", "motorway_traffic"]
    there: Between | None = None

    def actors(self, pace: Pace, scene: Span) -> tuple[Actor, ...]:
        """All that drive or walk by."""
        return TRAFFIC[self.traffic](scene if self.there is None else span_of(self.there, pace))


# What tells an entry's form: the field that no other form has.
_FORMS = {
    "moves": "moving",
    "path": "following",
    "parks": "parking",
    "rows": "in_rows",
    "passing": "passing",
    "traffic": "traffic",
}


def _form(value: Any) -> str:  # noqa: ANN401 - whatever the file holds
    given = value if isinstance(value, Mapping) else {}
    return next((form for field, form in _FORMS.items() if field in given), "standing")


StoryActors = Annotated[
    Annotated[Standing, Tag("standing")]
    | Annotated[Moving, Tag("moving")]
    | Annotated[Following, Tag("following")]
    | Annotated[Parking, Tag("parking")]
    | Annotated[Rows, Tag("in_rows")]
    | Annotated[Passing, Tag("passing")]
    | Annotated[Traffic, Tag("traffic")],
    Discriminator(_form),
]
"""One entry of a scene's actors; the field that only its form has tells which it is."""
