"""Actors: the things of a scene, where they are and when."""

from dataclasses import dataclass, replace

from benchmarks.scenes.span import Span


@dataclass(frozen=True, slots=True)
class OnGround:
    """A place on the ground; how large a thing looks there follows from the camera's height.

    Attributes:
        x: Middle of the thing's foot, fraction of the picture's width.
        y: Where it touches the ground, fraction of the picture's height.
        scale: How large it is beside the usual size of its class, 1 being as usual.
        raised: How far above the ground its foot is, as on a boat's deck, fraction of the
            picture's height.
    """

    x: float
    y: float
    scale: float = 1.0
    raised: float = 0.0


@dataclass(frozen=True, slots=True)
class OnPicture:
    """A place of a given size, for what does not stand on the ground, such as a shop sign.

    Attributes:
        x: Middle, fraction of the picture's width.
        y: Lower edge, fraction of the picture's height.
        height: Fraction of the picture's height.
    """

    x: float
    y: float
    height: float


Place = OnGround | OnPicture


@dataclass(frozen=True, slots=True)
class Keyframe:
    """Where an actor is at one moment.

    Attributes:
        at: Seconds since the scene's start.
        place: Where it is then.
    """

    at: float
    place: Place


@dataclass(frozen=True, slots=True)
class Actor:
    """One thing of a scene.

    Between two keyframes it moves and grows evenly; after the last it stays as it is.

    Attributes:
        name: Unique in its scene.
        what: Its visual class, which says what it looks like.
        path: Where it is when; it appears with the first keyframe.
        leaves_at: When it is gone, seconds since the scene's start.
        variety: Which of the pictures of its class it has; any number will do.

    Raises:
        ValueError: The path is empty, out of order, mixes kinds of places, or ends too late.
    """

    name: str
    what: str
    path: tuple[Keyframe, ...]
    leaves_at: float
    variety: int = 0

    def __post_init__(self) -> None:
        times = [keyframe.at for keyframe in self.path]
        if not times or times != sorted(set(times)) or self.leaves_at < times[-1]:
            raise ValueError(
                f"actor {self.name!r}: its path has moments {times} and it leaves at "
                f"{self.leaves_at:g} s; it needs at least one, in order, before it leaves"
            )
        if len({type(keyframe.place) for keyframe in self.path}) > 1:
            raise ValueError(f"actor {self.name!r}: its path mixes kinds of places")

    @property
    def appears_at(self) -> float:
        """When it is first there, seconds since the scene's start."""
        return self.path[0].at

    def place_at(self, moment: float) -> Place | None:
        """Where it is at ``moment``; None while it is not there."""
        if not self.appears_at <= moment < self.leaves_at:
            return None
        before = [keyframe for keyframe in self.path if keyframe.at <= moment][-1]
        after = next((keyframe for keyframe in self.path if keyframe.at > moment), before)
        if after is before:
            return before.place
        return _between(before.place, after.place, (moment - before.at) / (after.at - before.at))


def standing(name: str, what: str, place: Place, span: Span, variety: int = 0) -> Actor:
    """An actor that stays in one place for a span."""
    return Actor(name, what, (Keyframe(span.begins_at, place),), span.ends_at, variety)


def moving(
    name: str, what: str, places: tuple[Place, Place], span: Span, variety: int = 0
) -> Actor:
    """An actor that goes from one place to another during a span, and is gone then."""
    path = (Keyframe(span.begins_at, places[0]), Keyframe(span.ends_at, places[1]))
    return Actor(name, what, path, span.ends_at, variety)


def _between(first: Place, second: Place, share: float) -> Place:
    def mean(one: float, other: float) -> float:
        return one + (other - one) * share

    x, y = mean(first.x, second.x), mean(first.y, second.y)
    match first, second:
        case OnGround(), OnGround():
            return replace(first, x=x, y=y, scale=mean(first.scale, second.scale))
        case OnPicture(), OnPicture():
            return replace(first, x=x, y=y, height=mean(first.height, second.height))
    raise TypeError(f"no place lies between {first} and {second}")
