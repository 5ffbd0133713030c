"""A story file: scenes as data, to be played at any pace."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from benchmarks.scenes.actor import Actor
from benchmarks.scenes.disturbances import (
    Compression,
    Disturbance,
    LightChange,
    LightLevel,
    LookGap,
    Occluder,
    SensorNoise,
    Shake,
    TimeCaption,
)
from benchmarks.scenes.expectation import ExpectedEvent
from benchmarks.scenes.pace import DWELL_LOOKS, EVERY_SECOND, Pace
from benchmarks.scenes.picture_box import PictureBox
from benchmarks.scenes.span import ALWAYS, Span
from benchmarks.scenes.stories.backgrounds import BACKGROUNDS
from benchmarks.scenes.stories.story_actors import StoryActors
from benchmarks.scenes.stories.story_moment import Between, Moment, StoryPart, span_of
from benchmarks.scenes.stories.street import GRAIN, MORNING, OUTLINES, watching, zone
from streams.camera import EnabledIssueType
from streams.line import Line
from streams.zone import PicturePoint, Zone, ZoneKind


class Watch(StoryPart):
    """An issue type that the camera watches for.

    Attributes:
        code: Code in the issue catalogue or in the overlay of the scenes.
        dwell: Looks for which it must be there; none where the catalogue's own counts.
        minimum_count: How many there must be, if not as many as the catalogue says.
    """

    code: str
    dwell: float | None = DWELL_LOOKS
    minimum_count: int | None = None

    def issue_type(self, pace: Pace) -> EnabledIssueType:
        """The issue type as a camera enables it."""
        if self.dwell is None:
            return EnabledIssueType(code=self.code)
        return watching(self.code, pace, self.dwell, self.minimum_count)


class Light(StoryPart):
    """How bright it is at one moment."""

    when: Moment
    brightness: float


class Passer(StoryPart):
    """Something large that passes close to the camera.

    Attributes:
        there: When.
        width: Fraction of the picture's width.
    """

    there: Between
    width: float


class Disturbances(StoryPart):
    """What happens to the camera, beside the grain that every picture has.

    Attributes:
        shake: It sways all the time; typical way, fraction of the picture's width.
        caption: It writes its date and time into the picture.
        light: Brightness over time.
        gap: Nobody looks.
        occluder: Something hides a part of the street.
        quality: It compresses all pictures hard, to this JPEG quality.
    """

    shake: float | None = None
    caption: bool = False
    light: tuple[Light, ...] = ()
    gap: Between | None = None
    occluder: Passer | None = None
    quality: int | None = None

    def played(self, pace: Pace) -> tuple[Disturbance, ...]:
        """The disturbances at a pace."""
        levels = tuple(LightLevel(one.when.at(pace), one.brightness) for one in self.light)
        passer = self.occluder
        possible: tuple[Disturbance | None, ...] = (
            SensorNoise(ALWAYS, GRAIN),
            None if self.shake is None else Shake(ALWAYS, self.shake),
            TimeCaption(ALWAYS) if self.caption else None,
            LightChange(levels) if levels else None,
            None if self.gap is None else LookGap(span_of(self.gap, pace)),
            None if passer is None else Occluder(span_of(passer.there, pace), passer.width),
            None if self.quality is None else Compression(ALWAYS, self.quality),
        )
        return tuple(one for one in possible if one is not None)


class Expected(StoryPart):
    """An event that must be reported.

    Attributes:
        issue: Code of its issue type.
        actors: Names of the actors that it is about.
        zone: Zone or line in which it is; none where it is about the whole picture.
        begins: When its dwell begins to count; where nothing is said, when its first actor appears.
        dwell: How many looks it must last.
        gone: When its cause is gone, ``never`` within the scene; where nothing is said, when its
            first actor leaves.
        opens: When it may be reported, where that does not follow from ``begins``.
        clears: When it may be cleared, where that does not follow from ``gone``.
        place: Left, top, right and bottom of where it is, for what no actor shows.
        only_at: The one pace at which it can be told.
    """

    issue: str
    actors: tuple[str, ...] = ()
    zone: str | None = None
    begins: Moment | None = None
    dwell: float = DWELL_LOOKS
    gone: Moment | Literal["never"] | None = None
    opens: Between | None = None
    clears: Between | None = None
    place: tuple[float, float, float, float] | None = None
    only_at: Literal["1s", "30s", "5min"] | None = None

    @model_validator(mode="after")
    def _is_timed(self) -> Self:
        timed = (self.begins or self.opens) and (self.gone or self.clears)
        if not (self.actors or timed):
            raise ValueError(f"expected {self.issue} names no actors; say when it begins and gone")
        return self

    def event(self, pace: Pace, actors: dict[str, Actor]) -> ExpectedEvent:
        """The event at a pace."""
        place = None if self.place is None else PictureBox(*self.place)
        opens, clears = self._opens(pace, actors), self._clears(pace, actors)
        return ExpectedEvent(self.issue, opens, clears, self.actors, self.zone, place)

    def _opens(self, pace: Pace, actors: dict[str, Actor]) -> Span:
        if self.opens is not None:
            return span_of(self.opens, pace)
        if self.begins is not None:
            return pace.opening(self.begins.at(pace), self.dwell)
        return pace.opening(actors[self.actors[0]].appears_at, self.dwell)

    def _clears(self, pace: Pace, actors: dict[str, Actor]) -> Span | None:
        if self.clears is not None:
            return span_of(self.clears, pace)
        if self.gone == "never":
            return None
        leaves_at = self.gone.at(pace) if self.gone else actors[self.actors[0]].leaves_at
        return pace.clearing(leaves_at)


class Clock(StoryPart):
    """What time it is at one look.

    Attributes:
        time: Date and time in the city.
        look: The look at which it is that late.
    """

    time: datetime = MORNING.replace(tzinfo=None)
    look: float = 0.0


class Story(StoryPart):
    """What happens in a scene, whatever the pace at which it is looked at.

    Attributes:
        name: Unique among the stories.
        story: What happens, in a sentence or two, and what a patrol should make of it.
        background: Name of the street.
        clock: What time it is.
        length: How long it lasts.
        zones: Zones of the camera by kind: the name of an outline, or corners.
        lines: Lines of the camera.
        issues: What the camera watches for.
        actors: What is in it, in this order.
        disturbances: What happens to the camera.
        expected: Events that must be reported, and no others.
    """

    name: str
    story: str
    background: str
    clock: Clock = Clock()
    length: Moment
    zones: dict[ZoneKind, str | tuple[PicturePoint, ...]] = Field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    issues: Annotated[tuple[Watch, ...], Field(min_length=1)]
    actors: tuple[StoryActors, ...] = ()
    disturbances: Disturbances = Disturbances()
    expected: tuple[Expected, ...] = ()

    @model_validator(mode="after")
    def _names_what_is_there(self) -> Self:
        outlines = [one for one in self.zones.values() if isinstance(one, str)]
        known = {background.name for background in BACKGROUNDS}
        for kind, name, names in (
            ("background", self.background, known),
            *(("outline", outline, set(OUTLINES)) for outline in outlines),
        ):
            if name not in names:
                raise ValueError(f"there is no {kind} {name!r}; there are {sorted(names)}")
        return self

    @model_validator(mode="after")
    def _expects_what_is_there(self) -> Self:
        # Any pace will do: only who passes by chance differs, and nothing is expected of them.
        scene = Span(0.0, self.length.at(EVERY_SECOND))
        forms = (form.actors(EVERY_SECOND, scene) for form in self.actors)
        there = {actor.name for actors in forms for actor in actors}
        zones = {*self.zones, *(line.line_id for line in self.lines)}
        codes = {watch.code for watch in self.issues}
        for one in self.expected:
            for what, named, names in (
                ("issue", {one.issue}, codes),
                ("actors", set(one.actors), there),
                ("zone", set() if one.zone is None else {one.zone}, zones),
            ):
                if unknown := sorted(named - names):
                    raise ValueError(
                        f"expected {one.issue} names {what} {unknown}, which the scene does not "
                        "have; name one that it has"
                    )
        return self

    def camera_zones(self) -> tuple[Zone, ...]:
        """The zones of its camera."""
        return tuple(
            zone(kind, *(OUTLINES[outline] if isinstance(outline, str) else outline))
            for kind, outline in self.zones.items()
        )


class StoryFile(StoryPart):
    """The stories of one file, in the order in which they are played."""

    stories: Annotated[tuple[Story, ...], Field(min_length=1)]
